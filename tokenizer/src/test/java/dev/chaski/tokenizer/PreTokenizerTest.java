package dev.chaski.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreTokenizerTest {
  /** Pre-tokens are separated by {@code ·}; {@code ~} stands for a line feed. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "Hello world|Hello· world",
        "I'm sure they'LL|I·'m· sure· they·'LL",
        "it'ſ|it·'ſ",
        "'re're 'rx|'re·'re· '·rx",
        "don''t|don·''·t",
        "12345 678|123·45· ·678",
        "a  b   c|a· · b·  · c",
        "  ~ ~ x|  ~ ~· x",
        "end.~~~next|end·.~~~·next",
        "x = {y};|x· =· {·y·};",
        "tail   |tail·   ",
        "$100 #tag _id|$·100· #·tag· _·id",
        "日本語123テスト|日本語·123·テスト",
        "e\u0301a|e·\u0301a",
        "\u00A0\u00A0x|\u00A0·\u00A0x",
        "😀😀 👍x|😀😀· 👍·x",
      })
  void splitsAsThePatternSays(String text, String pieces) {
    assertThat(split(text.replace('~', '\n')))
        .containsExactly(pieces.replace('~', '\n').split("·"));
  }

  @Test
  void looksNotBehindTheEnd() {
    byte[] text = "ab12  x".getBytes(StandardCharsets.UTF_8);
    assertThat(PreTokenizer.end(text, 0, 1)).isEqualTo(1);
    assertThat(PreTokenizer.end(text, 2, 3)).isEqualTo(3);
    assertThat(PreTokenizer.end(text, 4, 6)).isEqualTo(6);
    assertThat(PreTokenizer.end(text, 4, 7)).isEqualTo(5);
  }

  static List<String> split(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    List<String> pieces = new ArrayList<>();
    for (int from = 0; from < utf8.length; ) {
      int to = PreTokenizer.end(utf8, from, utf8.length);
      pieces.add(new String(utf8, from, to - from, StandardCharsets.UTF_8));
      from = to;
    }
    return pieces;
  }

  /** Against the JDK's regular expressions, which know the Unicode version of the JDK. */
  @Nested
  class ComparedWithRegularExpression {
    @BeforeEach
    void needsTheSameUnicodeVersion() {
      assumeTrue(
          Runtime.version().feature() == 25,
          "only JDK 25 has the Unicode 16 tables to compare with");
    }

    @Test
    void everyCodePointBetweenAllKindsOfNeighbours() {
      for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
        if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
          String c = Character.toString(codePoint);
          check("a" + c + "1 " + c + c + "! '" + c + "x\n" + c + "  " + c);
        }
      }
    }

    @Test
    void randomNastyTexts() {
      long seed = 20240723;
      Random random = new Random(seed);
      for (int i = 0; i < 50_000; i++) {
        check(NastyText.of(random, 24));
      }
    }

    private static void check(String text) {
      List<String> expected = ReferenceBpe.split(text);
      List<String> actual = split(text);
      if (!actual.equals(expected)) { // an assertion for each would take most of the time
        assertThat(actual).as(text).isEqualTo(expected);
      }
    }
  }
}
