package dev.chaski.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.grammar.Grammar;
import dev.chaski.grammar.GrammarMatcher;
import dev.chaski.grammar.TokenGrammar;
import dev.chaski.grammar.TokenTrie;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;

/** Writes texts that a grammar allows, byte by byte. */
final class Answers {
  private static final int LENGTH = 100;
  private static final int END = 256;
  private static final TokenTrie BYTES =
      TokenTrie.of(END + 1, id -> id == END ? null : new byte[] {(byte) id});

  private Answers() {}

  /** One text, cut off where it gets long; it must be what the grammar itself accepts. */
  static void write(Grammar grammar) {
    GrammarMatcher matcher = TokenGrammar.of(grammar, BYTES, Set.of(END)).matcher();
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    Random random = new Random(1);
    long[] allowed = new long[END / Long.SIZE + 1];
    for (int i = 0; i < LENGTH; i++) {
      Arrays.fill(allowed, -1);
      matcher.mask(allowed);
      int token = choose(allowed, random);
      assertThat(token).as("something can follow '%s'", text).isNotNegative();
      if (token == END) {
        assertThat(matcher.canEnd()).isTrue();
        assertThat(grammar.matches(text.toString(StandardCharsets.UTF_8))).isTrue();
        return;
      }
      matcher.accept(token);
      text.write(token);
    }
  }

  private static int choose(long[] allowed, Random random) {
    int[] tokens =
        java.util.stream.IntStream.rangeClosed(0, END)
            .filter(id -> (allowed[id / Long.SIZE] >>> id & 1) != 0)
            .toArray();
    return tokens.length == 0 ? -1 : tokens[random.nextInt(tokens.length)];
  }
}
