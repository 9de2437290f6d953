package dev.chaski.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Grammars that mean harm end in an error, or work, in bounded time. */
@Timeout(60)
class HostileGrammarTest {
  private static TokenGrammar ready(String gbnf) {
    return TokenGrammar.of(Grammar.gbnf(gbnf), Vocabularies.ofBytes(), Set.of());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "root ::= root \"a\" | \"b\"",
        "root ::= a\na ::= b \"x\"\nb ::= \"y\" | a",
        "root ::= empty* root \"a\" | \"c\"\nempty ::= \"\" | \"e\"",
        "root ::= (x? root)+ \"b\" | \"c\"\nx ::= \"x\"",
        "root ::= \"ok\" | deep\ndeep ::= deep{20} \"z\" | \"z\"",
      })
  void leftRecursionIsRefused(String gbnf) {
    assertThatExceptionOfType(GrammarException.class)
        .isThrownBy(() -> ready(gbnf))
        .withMessageContaining("can begin with itself")
        .withMessageContaining("->");
  }

  @Test
  void theCircleIsNamed() {
    assertThatExceptionOfType(GrammarException.class)
        .isThrownBy(() -> ready("root ::= \"[\" expr\nexpr ::= term \"+\"\nterm ::= expr | \"1\""))
        .withMessageMatching(
            ".*rule '(expr|term)' can begin with itself \\((expr -> term -> expr|term -> expr ->"
                + " term)\\).*");
  }

  @Test
  void nothingToGenerateIsRefused() {
    assertThatExceptionOfType(GrammarException.class)
        .isThrownBy(() -> ready("root ::= \"a\" root"))
        .withMessageContaining("'root' matches no text that ends");
  }

  @Test
  void sizesAreLimited() {
    assertThatExceptionOfType(GrammarException.class)
        .isThrownBy(() -> ready("root ::= " + "(".repeat(50_000)))
        .withMessageContaining("nested more than 100 deep");
    assertThatExceptionOfType(GrammarException.class)
        .isThrownBy(() -> ready("root ::= \"a\"" + "?".repeat(50_000)))
        .withMessageContaining("quantifiers in a row");
    String bomb = "root ::= ((((\"ab\"{9999}){9999}){9999}){9999}){9999}";
    assertThat(ready(bomb).matcher().canEnd()).isFalse(); // each repetition is counted once
    String wide =
        IntStream.range(0, 60)
            .mapToObj(i -> "\"%d\"{10000}".formatted(i % 10))
            .collect(Collectors.joining(" ", "root ::= ", ""));
    assertThatExceptionOfType(GrammarException.class)
        .isThrownBy(() -> ready(wide))
        .withMessageContaining("too large");
    String optional = "root ::= " + "[a-z]? ".repeat(20_000);
    assertThatExceptionOfType(GrammarException.class)
        .isThrownBy(() -> ready(optional))
        .withMessageContaining("too large");
    assertThatExceptionOfType(GrammarException.class)
        .isThrownBy(() -> ready("#".repeat(600_000)))
        .withMessageContaining("characters");
  }

  private static String unitRules(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "r%d ::= r%d | \"x\"\n".formatted(i, i + 1))
        .collect(Collectors.joining("", "root ::= r0\n", "r%d ::= \"y\"\n".formatted(count)));
  }

  @Test
  void manyRules() {
    assertThatExceptionOfType(GrammarException.class)
        .isThrownBy(() -> ready(unitRules(21_000)))
        .withMessageContaining("too ambiguous");
    assertThat(ready(unitRules(2_000)).matcher().canEnd()).isFalse();
  }

  /** Exponentially many ways to read a text; the work for a token is limited. */
  @Test
  void ambiguityIsBounded() {
    String gbnf = "root ::= \"a\" (root \"x\" | root \"y\" | root root) | \"a\"\n";
    List<byte[]> tokens =
        Vocabularies.cutFrom(new Random(1), 300, "aaaaaaaaaaaaaaaaaaaaaaaa", "axy");
    TokenGrammar ready =
        TokenGrammar.of(Grammar.gbnf(gbnf), TokenTrie.of(tokens.size(), tokens::get), Set.of());
    GrammarMatcher matcher = ready.matcher();
    try {
      for (int i = 0; i < 201; i++) {
        long[] allowed = new long[(tokens.size() + 63) / 64];
        Arrays.fill(allowed, -1);
        matcher.mask(allowed);
        assertThat(allowed['a' / 64] >>> 'a' & 1).isEqualTo(1);
        matcher.accept('a');
      }
      assertThat(matcher.canEnd()).isTrue();
    } catch (GrammarException e) {
      assertThat(e).hasMessageContaining("too ambiguous");
    }
  }
}
