package dev.chaski.cli.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToolFileTest {
  private static final Path PATH = Path.of("tools.json");

  @Test
  void readsOurFormAndOpenAis() throws IOException {
    List<CommandTool> tools =
        ToolFile.parse(
            PATH,
            """
            [{"name": "now", "command": ["date"]},
             {"type": "function",
              "function": {"name": "add", "description": "Adds.",
                           "parameters": {"type": "object", "properties": {"a": {}}}}}]
            """);
    assertThat(tools).extracting(tool -> tool.tool().name()).containsExactly("now", "add");
    assertThat(tools.getFirst().command()).containsExactly("date");
    assertThat(tools.getFirst().tool().parameters()).containsEntry("type", "object");
    assertThat(tools.getLast().command()).isEmpty();
    assertThat(tools.getLast().tool().description()).isEqualTo("Adds.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                               | expected a list of tools",
        "[{]                              | not JSON, line 1, column 3",
        "[1]                              | tool 1: a tool must be an object",
        "[{\"name\": \"a\"}, {}]          | tool 2: there is no \"name\"",
        "[{\"name\": \"a b\"}]            | tool 1: a tool is called 'a b'",
        "[{\"name\": \"a\"}, {\"name\": \"a\"}] | tool 2: 'a' is there twice",
        "[{\"name\": \"a\", \"parameters\": []}] | tool 1: \"parameters\" must be an object",
        "[{\"name\": \"a\", \"command\": [1]}]   | tool 1: \"command\" must be a list of strings",
      })
  void saysWhatIsWrong(String json, String fault) {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> ToolFile.parse(PATH, json))
        .withMessageStartingWith("tools.json: " + fault);
  }

  @Test
  void argumentsArePutIntoTheCommandAndStayInTheirPlace() throws IOException {
    CommandTool tool =
        ToolFile.parse(
                PATH,
                """
                [{"name": "t", "command": ["p", "-c={city}", "{n}", "{other}", "$1\\\\"],
                  "parameters": {"properties": {"city": {}, "n": {}}}}]
                """)
            .getFirst();
    assertThat(tool.commandFor(Map.of("city", "a b; rm -rf {n} $0 \\", "n", List.of(1, "x"))))
        .containsExactly("p", "-c=a b; rm -rf {n} $0 \\", "[1, \"x\"]", "{other}", "$1\\");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tool.commandFor(Map.of("n", 1)))
        .withMessage("the argument 'city' is missing");
  }
}
