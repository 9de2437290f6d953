package dev.chaski.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultiLineTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "a \"\"\" b",
        "a\\\nb",
        "\"\"\"a\"\"\"",
        "\"\"\"\na\nb\n\"\"\"  ",
        "\"\"\"\"\"\""
      })
  void complete(String typed) {
    assertThat(MultiLine.isComplete(typed)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\\", "a\\", "a\\\nb\\", "\"\"\"", "  \"\"\"a", "\"\"\"\na\n", "\"\"\"\""})
  void incomplete(String typed) {
    assertThat(MultiLine.isComplete(typed)).isFalse();
  }

  @Test
  void marksAreNotPartOfTheMessage() {
    assertThat(MultiLine.message("a")).isEqualTo("a");
    assertThat(MultiLine.message("a\\\nb\\\nc")).isEqualTo("a\nb\nc");
    assertThat(MultiLine.message("\"\"\"\n  a\\\nb\n\"\"\"")).isEqualTo("a\\\nb");
    assertThat(MultiLine.message("\"\"\"a \"quoted\" word\"\"\"")).isEqualTo("a \"quoted\" word");
  }

  @Test
  void inputThatEndsTooEarlyIsTakenAsItIs() {
    assertThat(MultiLine.message("a\\")).isEqualTo("a");
    assertThat(MultiLine.message("\"\"\"\na")).isEqualTo("\"\"\"\na");
  }

  @Test
  void pastedTextKeepsWhatIsInItsLines() {
    assertThat(MultiLine.unquoted("make \\\n  all\n\n")).isEqualTo("make \\\n  all");
    assertThat(MultiLine.unquoted("\"\"\"\na\n\"\"\"")).isEqualTo("a");
    assertThat(MultiLine.unquoted("  a ")).isEqualTo("  a ");
  }
}
