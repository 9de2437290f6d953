package dev.chaski.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenGrammarTest {
  private static final String[] TEXTS = {
    "Once upon a time, there was a llama named \"Ada\": {\"a\": [1, 2.5, true]}",
    "日本語のテキスト、とても長い😀😀 naïve café\n- item one\n- item two\n",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa (1+2)*3 \\u00e9 \\\\ \"quoted\"",
    "2024-02-29T12:30:00Z ada@example.org 123e4567-e89b-12d3-a456-426614174000",
  };

  private static BitSet mask(GrammarMatcher matcher, int vocabSize) {
    long[] allowed = new long[(vocabSize + 63) / 64 + 1]; // a word more than there are tokens
    Arrays.fill(allowed, -1);
    matcher.mask(allowed);
    return BitSet.valueOf(allowed);
  }

  /** Masks against trying each token by itself, along random texts of the grammar. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "root ::= [^\"\\n]{0,20} \"\\n\"",
        "root ::= ([a-z ]+ | [0-9]{1,3}) (\"\\n\" root)?",
        "root ::= .{3,40}",
        "root ::= [a-z]{0,3} [a-z0-9]{0,5} [^x]*",
        "root ::= [ぁ-んァ-ヶ一-龠]+ (\"😀\" | \"é\")* root?",
        "root ::= \"(\" root \")\" | [a-z]+ | \"aaaa\"{1,4}",
        "root ::= \"{\" pair (\", \" pair)* \"}\"\n"
            + "pair ::= \"\\\"\" [^\"]{1,18} \"\\\": \" root | [0-9.]+",
        "root ::= x* \"a\"\nx ::= [^a] | \"a\" x",
        "JSON",
      })
  void maskIsWhatTryingEachTokenGives(String gbnf) {
    long seed = gbnf.hashCode();
    Random random = new Random(seed);
    List<byte[]> tokens = Vocabularies.cutFrom(random, 1_500, TEXTS);
    int end = tokens.size() - 1;
    TokenTrie trie = TokenTrie.of(tokens.size(), tokens::get);
    Grammar grammar = gbnf.equals("JSON") ? Grammar.jsonObject() : Grammar.gbnf(gbnf);
    TokenGrammar ready = TokenGrammar.of(grammar, trie, Set.of(end));
    Parser parser = new Parser(AutomatonBuilder.build(grammar));
    for (int text = 0; text < 12; text++) {
      GrammarMatcher matcher = ready.matcher();
      ParserState state = parser.start();
      for (int step = 0; step < 40; step++) {
        BitSet expected = new BitSet();
        for (int token = 0; token < end; token++) {
          expected.set(token, !parser.isDead(follow(parser, state, tokens.get(token))));
        }
        expected.set(end, state.accepts);
        BitSet actual = mask(matcher, tokens.size());
        assertThat(actual).as("seed %d, text %d, step %d", seed, text, step).isEqualTo(expected);
        assertThat(actual.isEmpty()).isFalse();
        int[] possible = actual.stream().toArray();
        int token = possible[random.nextInt(possible.length)];
        matcher.accept(token);
        if (token == end) {
          assertThat(mask(matcher, tokens.size()).isEmpty()).isTrue();
          break;
        }
        state = follow(parser, state, tokens.get(token));
      }
    }
  }

  private static ParserState follow(Parser parser, ParserState from, byte[] text) {
    parser.allowEffort();
    ParserState state = from;
    for (byte value : text) {
      state = parser.next(state, value);
    }
    return state;
  }

  /** Tokens that end within a character are fine as long as the next ones complete it. */
  @Test
  void charactersMayBeSplit() {
    TokenGrammar ready =
        TokenGrammar.of(
            Grammar.gbnf("root ::= [é語😀]{1,4} \"!\""), Vocabularies.ofBytes(), Set.of());
    for (int run = 0; run < 200; run++) {
      Random random = new Random(run);
      GrammarMatcher matcher = ready.matcher();
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      while (!matcher.mustEnd()) {
        int[] possible = mask(matcher, 256).stream().toArray();
        int token = possible[random.nextInt(possible.length)];
        bytes.write(token);
        matcher.accept(token);
      }
      assertThat(bytes.toString(StandardCharsets.UTF_8)).matches("[é語😀]{1,4}!");
    }
  }

  @Test
  void endTokensComeWhereTheTextMayEndAndOnlyThere() {
    TokenTrie trie = TokenTrie.of(258, id -> id < 256 ? new byte[] {(byte) id} : null);
    TokenGrammar ready = TokenGrammar.of(Grammar.gbnf("root ::= \"ab\"+"), trie, Set.of(256, 257));
    GrammarMatcher matcher = ready.matcher();
    assertThat(mask(matcher, 258).stream()).containsExactly((int) 'a');
    assertThatIllegalArgumentException().isThrownBy(() -> matcher.accept(256));
    matcher.accept('a');
    matcher.accept('b');
    assertThat(matcher.canEnd()).isTrue();
    assertThat(matcher.mustEnd()).isFalse();
    assertThat(mask(matcher, 258).stream()).containsExactly((int) 'a', 256, 257);
    assertThatIllegalArgumentException().isThrownBy(() -> matcher.accept('b'));
    matcher.accept(257);
    assertThat(mask(matcher, 258).isEmpty()).isTrue();
    assertThatIllegalArgumentException().isThrownBy(() -> matcher.accept('a'));
    matcher.reset();
    matcher.accept('a');
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TokenGrammar.of(Grammar.jsonObject(), trie, Set.of(258)));
  }

  @Test
  void tokensOfTheSameTextAreAlike() {
    TokenTrie trie = TokenTrie.of(4, id -> new byte[] {(byte) (id < 3 ? 'a' : 'b')});
    TokenGrammar ready = TokenGrammar.of(Grammar.gbnf("root ::= \"a\""), trie, Set.of());
    assertThat(mask(ready.matcher(), 4).stream()).containsExactly(0, 1, 2);
  }

  /** Many states: what is kept is limited, and forgetting changes nothing. */
  @Test
  void forgettingStatesChangesNothing() {
    TokenTrie trie = TokenTrie.of(256, id -> new byte[] {(byte) id});
    Grammar grammar = Grammar.gbnf("root ::= \"[\" root \"]\" | \"(\" root \")\" | \"x\"");
    TokenGrammar ready = TokenGrammar.of(grammar, trie, Set.of());
    Random random = new Random(3);
    for (int run = 0; run < 60; run++) {
      GrammarMatcher matcher = ready.matcher();
      StringBuilder closing = new StringBuilder();
      for (int i = 0; i < 3_000; i++) {
        boolean square = random.nextBoolean();
        matcher.accept(square ? '[' : '(');
        closing.append(square ? ']' : ')');
      }
      matcher.accept('x');
      for (char c : closing.reverse().toString().toCharArray()) {
        assertThat(mask(matcher, 256).stream()).containsExactly((int) c);
        matcher.accept(c);
      }
      assertThat(matcher.mustEnd()).isTrue();
    }
  }
}
