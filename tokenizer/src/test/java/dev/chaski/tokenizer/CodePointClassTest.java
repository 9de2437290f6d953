package dev.chaski.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class CodePointClassTest {
  private static final Pattern WHITE_SPACE =
      Pattern.compile("\\s", Pattern.UNICODE_CHARACTER_CLASS);

  @Test
  void agreesWithTheJdkOfTheSameUnicodeVersion() {
    assumeTrue(
        Runtime.version().feature() == 25, "only JDK 25 has the Unicode 16 tables to compare with");
    for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
      assertThat(CodePointClass.of(codePoint)).as("U+%04X", codePoint).isEqualTo(jdk(codePoint));
    }
  }

  private static int jdk(int codePoint) {
    if (codePoint == '\n' || codePoint == '\r') {
      return CodePointClass.NEWLINE;
    }
    return switch (Character.getType(codePoint)) {
      case Character.UPPERCASE_LETTER,
          Character.LOWERCASE_LETTER,
          Character.TITLECASE_LETTER,
          Character.MODIFIER_LETTER,
          Character.OTHER_LETTER ->
          CodePointClass.LETTER;
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER ->
          CodePointClass.NUMBER;
      default ->
          WHITE_SPACE.matcher(Character.toString(codePoint)).matches()
              ? CodePointClass.SPACE
              : CodePointClass.OTHER;
    };
  }

  @Test
  void readsCharactersOfEveryLengthFromBytes() {
    for (int codePoint : new int[] {'a', '7', ' ', 0xE9, 0xA0, 0x65E5, 0x2028, 0x1D7D8, 0x1F600}) {
      byte[] utf8 = ("é" + Character.toString(codePoint)).getBytes(StandardCharsets.UTF_8);
      assertThat(CodePointClass.at(utf8, 2))
          .as("U+%04X", codePoint)
          .isEqualTo(CodePointClass.of(codePoint));
    }
  }
}
