package dev.chaski.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTreeTest {
  @Test
  void whatIsReadIsWrittenOnOneLine() {
    String json =
        """
        {"b": [1, -2.5, 12345678901234567890],
         "a": {"é": "line\\nbreak \\"quoted\\" \\u0001"},
         "t": true, "f": false, "n": null}
        """;
    assertThat(JsonTree.write(JsonTree.parse(json)))
        .isEqualTo(
            "{\"b\": [1, -2.5, 12345678901234567890], \"a\": {\"é\": \"line\\nbreak \\\"quoted\\\""
                + " \\u0001\"}, \"t\": true, \"f\": false, \"n\": null}");
    assertThat(JsonTree.write(Map.of())).isEqualTo("{}");
    assertThat(JsonTree.write(List.of())).isEqualTo("[]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``               | not JSON: the text is empty",
        "{} {}            | not JSON, line 1, column 4: text behind the end of the first value",
        "{\"a\": 1, \"a\": 2} | not JSON, line 1, column",
        "{\"a\":          | not JSON, line 1, column",
        "{'a': 1}         | not JSON, line 1, column 2:",
      })
  void saysWhereTextIsNotJson(String json, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JsonTree.parse(json))
        .withMessageStartingWith(message);
  }

  @Test
  void nestingIsBounded() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JsonTree.parse("[".repeat(100_000)))
        .withMessageStartingWith("not JSON: ")
        .withMessageContaining("nesting depth");
  }

  @Test
  void otherObjectsAreNotWritten() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JsonTree.write(List.of(Instant.EPOCH)))
        .withMessageStartingWith("a java.time.Instant is no JSON value");
  }
}
