package dev.chaski.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code chaski chat --tools}, with its messages from a pipe. */
class ChatToolsTest {
  private static final String QUESTION = "What is the weather in Toronto?\n";
  private static final String SUNNY =
      "{\\\"city\\\": \\\"{city}\\\", \\\"temperature\\\": 21, \\\"condition\\\": \\\"sunny\\\"}";

  @TempDir Path folder;

  private Path tools(String command) throws IOException {
    return Files.writeString(
        folder.resolve("tools.json"),
        """
        [{"name": "get_current_weather",
          "description": "Get the current weather of a city",
          "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string", "description": "The name of the city"}},
            "required": ["city"]}%s}]
        """
            .formatted(command));
  }

  private static CommandRun chat(String input, Path tools, String... more) {
    String[] args = new String[more.length + 6];
    String[] first = {"chat", "--temp", "0", "-q", "--tools", tools.toString()};
    System.arraycopy(first, 0, args, 0, first.length);
    System.arraycopy(more, 0, args, first.length, more.length);
    return CommandRun.withInput(input, args);
  }

  @Test
  void commandRunsAndTheModelReadsItsOutput() throws IOException {
    Path tools = tools(", \"command\": [\"printf\", \"%%s\", \"" + SUNNY + "\"]");
    CommandRun run = chat(QUESTION, tools, "--yes");

    assertThat(run.out()).isEqualTo("It is 21 degrees and sunny in Toronto.\n");
    assertThat(run.err()).isEqualTo("calls get_current_weather {\"city\": \"Toronto\"}\n");
    assertThat(run.status()).isZero();
  }

  @Test
  void commandDoesNotRunIfNobodyCanBeAsked() throws IOException {
    Path trace = folder.resolve("trace");
    CommandRun run =
        chat(QUESTION, tools(", \"command\": [\"touch\", \"" + trace + "\", \"{city}\"]"));

    assertThat(trace).doesNotExist();
    assertThat(run.err())
        .contains("chaski: not run, as nobody can be asked (--yes allows it): touch " + trace);
    assertThat(run.status()).isZero();
  }

  @Test
  void toolsAreListed() throws IOException {
    assertThat(chat("/tools\n", tools(", \"command\": [\"date\", \"in {city}\"]")).err())
        .isEqualTo("get_current_weather  Get the current weather of a city\n  date 'in {city}'\n");
    assertThat(chat("/tools\n", tools("")).err()).endsWith("  (you give the result)\n");
    assertThat(CommandRun.withInput("/tools\n", "chat", "-q").err())
        .isEqualTo("There are no tools; start with --tools FILE.\n");
  }

  @Test
  void brokenFileIsRefusedWithItsPlace() throws IOException {
    Path file = tools(", \"command\": \"date\"");
    CommandRun run = chat(QUESTION, file);

    assertThat(run.err())
        .isEqualTo(
            "chaski: "
                + file
                + ": tool 1: \"command\" must be a list of strings, [\"program\","
                + " \"argument\", ...]\n");
    assertThat(run.status()).isEqualTo(1);
  }
}
