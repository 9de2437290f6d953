package dev.chaski.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TokenizeCommandTest {
  @Test
  void printsTheIdsOfAText() {
    assertThat(CommandRun.of("tokenize", "Hello!").out()).isEqualTo("[788, 0]\n");
    assertThat(CommandRun.of("tokenize", "-p", "Hello!").out()).isEqualTo("[788, 0]\n");
    assertThat(CommandRun.withInput("Hello!\n", "tokenize").out()).isEqualTo("[788, 0]\n");
  }

  @Test
  void specialTokensAreTextUnlessAskedFor() {
    assertThat(CommandRun.of("tokenize", "--special", "Hello!<|eot_id|>").out())
        .isEqualTo("[788, 0, 2036]\n");
    assertThat(CommandRun.of("tokenize", "Hello!<|eot_id|>").out())
        .startsWith("[788, 0, ")
        .doesNotContain("2036");
  }

  @Test
  void piecesShowWhatEachIdStandsFor() {
    assertThat(CommandRun.of("tokenize", "--pieces", "Hello\u00e9\n").out())
        .isEqualTo("    788  \"Hello\"\n    127  bytes c3\n    102  bytes a9\n    198  \"\\n\"\n");
  }

  @Test
  void jsonLinesGiveOneArrayEach() {
    String input =
        """
        {"text": "Hello!", "special": false}
        {"id": {"a": [1]}, "special": true, "text": "Hello!<|eot_id|>"}
        {"text": ""}
        {"text": "Hello%s!"}\
        """
            .formatted("\u0085\u2028");
    CommandRun run = CommandRun.withInput(input, "tokenize", "--jsonl");
    String lineEnds = CommandRun.of("tokenize", "Hello\u0085\u2028!").out().replace(" ", "");

    assertThat(run.err()).isEmpty();
    assertThat(run.out()).isEqualTo("[788,0]\n[788,0,2036]\n[]\n" + lineEnds);
  }

  @Test
  void jsonLinesUseTheOptionWhereALineDoesNotSay() {
    CommandRun run =
        CommandRun.withInput("{\"text\": \"<|eot_id|>\"}\n", "tokenize", "--jsonl", "--special");

    assertThat(run.out()).isEqualTo("[2036]\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[1]                          | not a JSON object",
        "{\"text\": 1}                | \"text\" is not a string",
        "{\"text\": \"a\", \"special\": 1} | \"special\" is not true or false",
        "{\"special\": true}          | \"text\" is missing",
        "{\"text\": \"a\"             | Unexpected end-of-input",
        "{\"text\": \"a\"} {}         | there is more than one value",
        "``                           | not a JSON object",
      })
  void badLineIsNamed(String line, String reason) {
    CommandRun run =
        CommandRun.withInput("{\"text\": \"ok\"}\n" + line + "\n", "tokenize", "--jsonl");

    assertThat(run.err()).startsWith("chaski: standard input, line 2: ").contains(reason);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.status()).isEqualTo(1);
  }

  /** The whole of the golden file goes through the command as it is. */
  @Test
  void goldenRowsThroughJsonLines() throws IOException {
    Path rows = SharedFiles.require("vectors/tokenizer/public.jsonl");
    Path tokenizer = SharedFiles.require("models/llama-3.1-tokenizer/tokenizer.json");
    String input = Files.readString(rows);
    CommandRun run =
        CommandRun.withInput(input, "tokenize", "--jsonl", "--tokenizer", tokenizer.toString());

    assertThat(run.err()).isEmpty();
    List<String> goldens = List.of(input.split("\n", -1));
    List<String> answers = List.of(run.out().split("\n", -1));
    assertThat(answers).hasSameSizeAs(goldens);
    for (int i = 0; i < goldens.size() - 1; i++) {
      JsonNode expected = JsonMapper.shared().readTree(goldens.get(i)).get("ids");
      assertThat(answers.get(i)).as("line %d", i + 1).isEqualTo(expected.toString());
    }
  }
}
