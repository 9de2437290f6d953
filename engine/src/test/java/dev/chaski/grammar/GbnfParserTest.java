package dev.chaski.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GbnfParserTest {
  private static void check(String gbnf, String[] inside, String[] outside) {
    Grammar grammar = Grammar.gbnf(gbnf);
    for (String text : inside) {
      assertThat(grammar.matches(text)).as("%s in %s", text, gbnf).isTrue();
    }
    for (String text : outside) {
      assertThat(grammar.matches(text)).as("%s not in %s", text, gbnf).isFalse();
    }
  }

  private static String[] texts(String... texts) {
    return texts;
  }

  @Test
  void symbols() {
    check("root ::= \"a\" \"b\" | \"c\"", texts("ab", "c"), texts("", "a", "abc", "ac"));
    check("root ::= [a-cx]", texts("a", "c", "x"), texts("d", "-", "ab"));
    check("root ::= [^a-c]", texts("d", "\n", "é", "😀"), texts("a", ""));
    check("root ::= [a-]", texts("a", "-"), texts("b"));
    check("root ::= [\\]\\[\\\\^]", texts("]", "[", "\\", "^"), texts("a"));
    check("root ::= .", texts("a", "\n", "語", "\0"), texts("", "ab"));
    check("root ::= \"\\x41\\u00e9\\U0001F600\\n\\\"\"", texts("Aé😀\n\""), texts("A"));
    check("root ::= \"é😀\"", texts("é😀"), texts("é"));
    check("root ::= \"\"", texts(""), texts("a"));
    check("root ::= | \"x\"", texts("", "x"), texts("xx"));
  }

  @Test
  void quantifiers() {
    check("root ::= \"a\"*", texts("", "aaaa"), texts("b"));
    check("root ::= \"ab\"+", texts("ab", "abab"), texts("", "a"));
    check("root ::= \"a\"?", texts("", "a"), texts("aa"));
    check("root ::= \"a\"{3}", texts("aaa"), texts("aa", "aaaa"));
    check("root ::= \"a\"{2,}", texts("aa", "aaaaa"), texts("a"));
    check("root ::= (\"a\" | \"bc\"){1,3}", texts("a", "bcabc"), texts("", "aaaa"));
    check("root ::= \"a\"{0}", texts(""), texts("a"));
    check("root ::= (\"a\"{1000}){3}", texts("a".repeat(3000)), texts("a".repeat(2999)));
    check("root ::= [α-ω]{5,300}", texts("λ".repeat(300)), texts("λ".repeat(301), "λλ"));
    check("root ::= (\"a\"*)*", texts("", "aaa"), texts("b"));
    check("root ::= (\"a\"? \"b\"?)+ \"c\"", texts("c", "abbac"), texts("ab"));
  }

  @Test
  void linesAndComments() {
    check(
        """
        # a comment
        root ::= first | # the second comes
          second
          | ( "c" # inside
              "d" )

        first ::= "a"   # no end
        second ::=
          "b"
        """,
        texts("a", "b", "cd"),
        texts("c", "ab"));
    check("root::=a-1\r\na-1::=\"x\"\r\n", texts("x"), texts("a"));
  }

  @Test
  void recursion() {
    check("root ::= \"(\" root \")\" | \"x\"", texts("x", "((x))"), texts("(x", "x)", ""));
    check(
        """
        root ::= term ([-+] term)*
        term ::= factor ([*/] factor)*
        factor ::= [0-9]+ | "(" root ")"
        """,
        texts("1", "1+2*(3-40)/5", "((7))"),
        texts("1+", "()", "1 + 2"));
    // Right recursion, an empty rule in front, and a rule that two alternatives begin with.
    check("root ::= \"a\" root | \"\"", texts("", "a".repeat(5_000)), texts("b"));
    check("root ::= e \"a\" root? \ne ::= \"\" | \"e\"", texts("a", "eaaea"), texts("e"));
    check("root ::= x \"1\" | x \"2\"\nx ::= \"x\" x | \"x\"", texts("xx1", "xxx2"), texts("xx"));
  }

  /** Palindromes need all ways at once. */
  @Test
  void ambiguity() {
    check(
        "root ::= \"a\" root \"a\" | \"b\" root \"b\" | \"\"",
        texts("", "abba", "aaaa", "abaaba"),
        texts("ab", "aba"));
    check(
        "root ::= s s s\ns ::= \"a\" | s2\ns2 ::= \"a\" s",
        texts("aaa", "a".repeat(60)),
        texts("aa"));
  }

  /** An alternative that can never be completed is not a way to go. */
  @Test
  void deadEndsAreNotEntered() {
    TokenGrammar ready =
        TokenGrammar.of(
            Grammar.gbnf("root ::= \"a\" | \"b\" never\nnever ::= \"c\" never"),
            Vocabularies.ofBytes(),
            java.util.Set.of());
    long[] allowed = new long[4];
    java.util.Arrays.fill(allowed, -1);
    ready.matcher().mask(allowed);
    assertThat(java.util.BitSet.valueOf(allowed).stream()).containsExactly((int) 'a');
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "`root ::= \"a`; line 1, column 10: the string has no end on its line",
        "`root ::= [a`; line 1, column 10: the character class has no end on its line",
        "`root ::= (\"a\"`; line 1, column 14: expected ')' for the '(' at line 1, column 10",
        "`root ::= \"a\"\nroot ::= \"b\"`; line 2, column 1: rule 'root' is defined twice",
        "`root ::= \"a\"\n  b`; line 2, column 4: expected '::=' after the rule name 'b'",
        "`root ::= \"a\" )`; line 1, column 14: unexpected ')' in rule 'root'",
        "`root ::= \"é\" x`; line 1, column 14: rule 'x' is used but not defined",
        "`start ::= \"a\"`; there is no rule 'root'",
        "``; there is no rule 'root'",
        "`root ::= \"\\q\"`; line 1, column 11: unknown escape",
        "`root ::= \"\\x4\"`; line 1, column 11: the escape needs 2 hexadecimal digits",
        "`root ::= \"\\uD800\"`; line 1, column 11: half of a surrogate pair",
        "`root ::= \"\\U00110000\"`; there is no character beyond U+10FFFF",
        "`root ::= [z-a]`; line 1, column 11: the range ends before it begins",
        "`root ::= []`; line 1, column 10: the character class matches no character",
        "`root ::= \"a\"{3,2}`; line 1, column 13: {3,2} ends before it begins",
        "`root ::= \"a\"{99999999999}`; repetitions are counted up to 10,000",
        "`root ::= \"a\"{`; expected a number of repetitions, found the end of the grammar",
        "`root ::= <think>`; tokens cannot be named in a grammar",
        "`root = \"a\"`; line 1, column 6: expected '::='",
        "`root ::= *`; unexpected '*'",
      })
  void faultsSayWhere(String gbnf, String message) {
    assertThatExceptionOfType(GrammarException.class)
        .isThrownBy(() -> Grammar.gbnf(gbnf == null ? "" : gbnf))
        .withMessageContaining(message);
  }

  @Test
  void grammarsArePutTogether() {
    Grammar call =
        Grammar.sequence(
            Grammar.text("<call>"),
            Grammar.anyOf(Grammar.gbnf("root ::= x+\nx ::= [0-9]"), Grammar.jsonObject()),
            Grammar.text("</call>"));
    assertThat(call.matches("<call>12</call>")).isTrue();
    assertThat(call.matches("<call>{\"a\": 1}</call>")).isTrue();
    assertThat(call.matches("<call></call>")).isFalse();
    assertThatExceptionOfType(GrammarException.class).isThrownBy(() -> Grammar.text("\uD800"));
  }
}
