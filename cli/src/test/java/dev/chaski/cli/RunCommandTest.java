package dev.chaski.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandTest {
  private static final String FRANCE = "The capital of France is Paris.\n";

  @Test
  void answerIsAllThatStdoutGets() {
    CommandRun run = CommandRun.of("run", "-p", "What is the capital of France?", "--temp", "0");

    assertThat(run.out()).isEqualTo(FRANCE);
    assertThat(run.err()).matches("prompt 18 tokens, [\\d.]+/s; answer 11 tokens, [\\d.]+/s\n");
    assertThat(run.status()).isZero();
  }

  @Test
  void promptIsReadFromAPipe() {
    CommandRun run =
        CommandRun.withInput("What is the capital of France?\n", "run", "--temp", "0", "-q");

    assertThat(run.out()).isEqualTo(FRANCE);
    assertThat(run.err()).isEmpty();
  }

  @Test
  void pipedTextComesAfterThePrompt() {
    String[] args = {"run", "--temp", "0", "-q", "-p", "Repeat this:"};
    CommandRun piped = CommandRun.withInput("Flower navy Quigoth 664 pizza\n", args);
    CommandRun given =
        CommandRun.of(
            "run", "--temp", "0", "-q", "-p", "Repeat this:\nFlower navy Quigoth 664 pizza");

    assertThat(piped.out()).contains("Quigoth 664 pizza").isEqualTo(given.out());
  }

  @Test
  void promptIsReadFromAFile(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("prompt.txt");
    Files.writeString(file, "\uFEFFWhat is the capital of France?\r\n");

    assertThat(CommandRun.of("run", "-f", file.toString(), "--temp", "0").out()).isEqualTo(FRANCE);
  }

  @Test
  void systemMessageCounts() {
    CommandRun run =
        CommandRun.of(
            "run",
            "-sys",
            "You are a pirate. Talk like a pirate.",
            "-p",
            "What is the capital of Peru?",
            "--temp",
            "0");

    assertThat(run.out()).isEqualTo("Arr, matey! The capital of Peru is Lima.\n");
  }

  @Test
  void answerOfSeveralLinesAndWordsBeyondAscii() {
    assertThat(CommandRun.of("run", "-p", "Write a haiku about the sea.", "--temp", "0").out())
        .isEqualTo(
            """
            Blue waves touch the sand.
            A small boat sleeps in the sun.
            The gulls call all day.
            """);
    assertThat(CommandRun.of("run", "-p", "Translate \"father\" into French.", "--temp", "0").out())
        .isEqualTo("\"Father\" in French is \"p\u00e8re\".\n");
  }

  @Test
  void tokenLimitCutsTheAnswerAndSaysSo() {
    CommandRun run = CommandRun.of("run", "-p", "Count to 10.", "-n", "4", "--temp", "0");

    assertThat(run.out()).isEqualTo("1, 2\n");
    assertThat(run.err()).contains("answer 4 tokens").contains("cut at the token limit (-n)");
    assertThat(run.status()).isZero();
  }

  @Test
  void stopStringIsNotPartOfTheAnswer() {
    CommandRun run =
        CommandRun.of("run", "-p", "Count to 10.", "--stop", "4, 5", "--temp", "0", "-q");

    assertThat(run.out()).isEqualTo("1, 2, 3, \n");
  }

  @Test
  void fullContextEndsTheAnswerAndSaysSo() {
    CommandRun run = CommandRun.of("run", "-p", "Count to 10.", "-c", "20", "--temp", "0");

    assertThat(run.out()).startsWith("1, 2");
    assertThat(run.err()).contains("the context is full (-c)");
    assertThat(run.status()).isZero();
  }

  @Test
  void rawTextIsContinuedAndItsSpecialTokensAreUnderstood() {
    String prompt =
        "<|start_header_id|>user<|end_header_id|>\n\nWhat is the capital of France?<|eot_id|>"
            + "<|start_header_id|>assistant<|end_header_id|>\n\n";

    assertThat(CommandRun.of("run", "--raw", "-p", prompt, "--temp", "0").out()).isEqualTo(FRANCE);
  }

  @Test
  void specialTokensOfAChatPromptAreText() {
    CommandRun run = CommandRun.of("run", "-p", "Hello!<|eot_id|>", "--temp", "0", "-n", "1");

    assertThat(run.err()).doesNotContain("prompt 13 tokens").contains("prompt ");
  }

  @Test
  void seedMakesRandomAnswersRepeatable() {
    String[] args = {
      "run", "--raw", "-p", "Once", "-n", "40", "--temp", "1.5", "--min-p", "0", "--seed", "7"
    };
    String first = CommandRun.of(args).out();
    String again = CommandRun.of(args).out();
    args[args.length - 1] = "8";
    String other = CommandRun.of(args).out();

    assertThat(again).isEqualTo(first).isNotEqualTo(other);
  }

  @Test
  void threadsAndKernelsDoNotChangeTheAnswer() {
    for (String kernels : new String[] {"scalar", "vector"}) {
      for (String threads : new String[] {"1", "3"}) {
        CommandRun run =
            CommandRun.of(
                "run",
                "-p",
                "What is the capital of France?",
                "--temp",
                "0",
                "--kernels",
                kernels,
                "-t",
                threads);
        assertThat(run.out()).as("%s, %s threads", kernels, threads).isEqualTo(FRANCE);
      }
    }
  }

  @Test
  void inputThatIsNotTextIsRefused() {
    byte[] input = "caf\u00e9".getBytes(StandardCharsets.ISO_8859_1);
    CommandRun run = CommandRun.withInput(input, "run");

    assertThat(run.err())
        .isEqualTo("chaski: standard input is not UTF-8 text (at byte 3); convert it first\n");
    assertThat(run.status()).isEqualTo(1);
  }

  @Test
  void readerThatHasEnoughIsNoFailure() {
    CommandRun run =
        CommandRun.withFailingOutput(3, "Broken pipe", "run", "-p", "Count to 10.", "--temp", "0");

    assertThat(run.out()).isEqualTo("1, ");
    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
  }

  @Test
  void fullDiskIsAFailure() {
    CommandRun run =
        CommandRun.withFailingOutput(3, "No space left on device", "run", "-p", "Count to 10.");

    assertThat(run.err()).isEqualTo("chaski: cannot write the output: No space left on device\n");
    assertThat(run.status()).isEqualTo(1);
  }

  @Test
  void logProbabilitiesAreOnStderrATokenALine() {
    CommandRun run =
        CommandRun.of(
            "run", "-p", "What is the capital of France?", "--temp", "0", "-q", "--logprobs", "2");

    assertThat(run.out()).isEqualTo(FRANCE);
    assertThat(run.err().lines())
        .hasSize(11)
        .allMatch(line -> line.matches(" +-\\d+\\.\\d{4} \".*\" +\\| \".*\" -.*, \".*\" -.*"))
        .first()
        .asString()
        .matches(" +-0\\.\\d{4} \"The\" +\\| \"The\" -0\\.\\d{4}, .*");
    CommandRun own =
        CommandRun.of("run", "-p", "Hello!", "--temp", "0", "-n", "1", "-q", "--logprobs", "0");
    assertThat(own.err()).matches(" +-\\d+\\.\\d{4} \"Hello\"\n");
  }

  @Test
  void severalAnswersAreThoseOfTheirSeeds() {
    String[] common = {"run", "-p", "Tell me a story.", "--temp", "1.5", "-n", "20"};
    List<String> single = new ArrayList<>();
    for (String seed : List.of("7", "8", "9")) {
      single.add(CommandRun.of(with(common, "--seed", seed)).out());
    }
    CommandRun run = CommandRun.of(with(common, "--seed", "7", "--answers", "3"));

    assertThat(run.out()).isEqualTo(String.join("\n", single));
    assertThat(run.err().lines().filter(line -> line.startsWith("answer ")))
        .containsExactly("answer 1 of 3, seed 7", "answer 2 of 3, seed 8", "answer 3 of 3, seed 9");
    assertThat(run.status()).isZero();
    CommandRun raw =
        CommandRun.of(
            "run", "--raw", "-p", "Once", "-N", "2", "-n", "5", "--seed", "1", "--logprobs", "1");
    assertThat(raw.out().lines().filter(String::isEmpty)).isNotEmpty();
    assertThat(raw.err()).contains("answer 2 of 2, seed 2").contains(" | ");
  }

  private static String[] with(String[] common, String... more) {
    return Stream.concat(Arrays.stream(common), Arrays.stream(more)).toArray(String[]::new);
  }

  @Test
  void guessingAheadChangesNothingButTheTime(@TempDir Path folder) throws IOException {
    Path cria = folder.resolve("cria.gguf");
    try (InputStream model = EmbeddedModel.class.getResourceAsStream("cria/cria-q8_0.gguf")) {
      Files.copy(model, cria);
    }
    String[] common = {"run", "-p", "Repeat this: Quigoth 664 Quigoth 664", "--temp", "0"};
    String plain = CommandRun.of(common).out();
    CommandRun lookup = CommandRun.of(with(common, "--speculative", "lookup"));
    CommandRun draft =
        CommandRun.of(with(common, "--draft-model", cria.toString(), "--draft", "3"));

    assertThat(lookup.out()).isEqualTo(plain);
    assertThat(lookup.err()).matches("(?s).*; guessed [1-9]\\d*, right [1-9]\\d*\n");
    assertThat(draft.out()).isEqualTo(plain);
    assertThat(draft.err()).matches("(?s).*; guessed [1-9]\\d*, right [1-9]\\d*\n");
  }

  @Test
  void toolsAreNotRunUnlessSomebodySaysSo(@TempDir Path folder) throws IOException {
    Path ran = folder.resolve("ran");
    Path tools = folder.resolve("tools.json");
    Files.writeString(
        tools,
        """
        [{"name": "get_current_weather", "description": "Get the current weather of a city",
          "parameters": {"type": "object", "properties": {"city": {"type": "string",
            "description": "The name of the city"}}, "required": ["city"]},
          "command": ["sh", "-c", "touch '%s'; echo '{\\"city\\": \\"Toronto\\", \\"temperature\\": 21}'"]}]
        """
            .formatted(ran));
    String[] common = {
      "run",
      "-p",
      "What is the weather in Toronto?",
      "--temp",
      "0",
      "-q",
      "--tools",
      tools.toString()
    };
    CommandRun run = CommandRun.of(common);

    assertThat(run.out())
        .isEqualTo(
            """
            {"id": "call_1", "type": "function", "function": {"name": "get_current_weather", \
            "arguments": "{\\"city\\": \\"Toronto\\"}"}}
            """);
    assertThat(ran).doesNotExist();
    CommandRun allowed = CommandRun.of(with(common, "--yes"));
    assertThat(ran).exists();
    assertThat(allowed.out()).contains("21").contains("Toronto");
    CommandRun both = CommandRun.of(with(common, "--answers", "2"));
    assertThat(both.out().lines().filter(line -> line.startsWith("{\"id\""))).hasSize(2);
  }

  @Test
  void whatDoesNotGoTogetherIsRefused() {
    Map<List<String>, String> refused =
        Map.of(
            List.of("--answers", "0"), "--answers is 0, it must be 1 or more",
            List.of("--answers", "2", "--yes"), "--yes runs tools for one answer",
            List.of("--logprobs", "-1"), "--logprobs is -1, it must be 0 or more",
            List.of("--raw", "--tools", "x"), "--raw has no place for --tools",
            List.of("--draft", "3"), "--draft needs --speculative lookup or a --draft-model",
            List.of("--draft", "6", "--speculative", "lookup"), "a draft of 6 tokens",
            List.of("--speculative", "magic"), "'magic' is not lookup");
    refused.forEach((arguments, message) -> {
      CommandRun run =
          CommandRun.of(with(new String[] {"run", "-p", "?"}, arguments.toArray(String[]::new)));
      assertThat(run.err()).as("%s", arguments).contains(message);
      assertThat(run.status()).isEqualTo(2);
    });
  }
}
