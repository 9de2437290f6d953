package dev.chaski.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChaskiCommandTest {
  @Test
  void withoutCommandItExplainsItself() {
    CommandRun run = CommandRun.of();

    assertThat(run.status()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .contains("run", "chat", "info", "tokenize", "logits", "bench", "perplexity")
        .contains("Examples:", "Exit status:", "CHASKI_JAVA_OPTS");
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "chat", "info", "tokenize", "logits", "bench", "perplexity"})
  void everyCommandHasHelpWithExamples(String command) {
    CommandRun run = CommandRun.of(command, "--help");

    assertThat(run.status()).isZero();
    assertThat(run.out()).startsWith("Usage: chaski " + command).contains("Examples:", "--model");
    assertThat(run.out().lines()).allMatch(line -> line.length() <= 80);
    assertThat(CommandRun.of("help", command)).isEqualTo(run);
  }

  @Test
  void versionIsTheBuilds() {
    assertThat(CommandRun.of("--version").out())
        .containsPattern("^chaski \\d+\\.\\d+\\.\\d+")
        .contains("Java " + Runtime.version());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "run --tempp 1             | there is no option '--tempp'; did you mean --temp",
        "runn                      | there is no command 'runn'",
        "run -n many -p x          | 'many' is not an int",
        "run --temp -1 -p x        | temperature is -1.0, must be",
        "run --top-p 2 -p x        | topP is 2.0, must be",
        "run -n -2 -p x            | maxTokens is -2",
        "run -c -5 -p x            | contextLength is -5",
        "run -t 0 -p x             | threads must be 1 to 1024, not 0",
        "run -b 0 -p x             | prefillBatch is 0",
        "run --kv-type q4 -p x     | 'q4' is not f16, f32 or q8_0",
        "run --kernels warp -p x   | no kernels called 'warp'",
        "run -ngl -1 -p x          | gpuLayers is -1",
        "run --kernels scalar --gpu-layers 2 -p x | 2 layers shall be on a device (--gpu-layers)",
        "bench --kernels scalar -ngl 2 | 2 layers shall be on a device (--gpu-layers)",
        "run                       | the prompt is empty",
        "run --raw --system s -p x | --raw has no place for a --system text",
        "run -p x -f y             | with -p or with -f, not both",
        "bench -r 0                | -r is 0",
        "bench -p 0 -n 0           | there is nothing to test",
        "bench -p -5               | -5 of prompt",
        "bench -pg 5               | -pg is '5', it must be two numbers",
        "bench -pg 5,x             | -pg has something that is not a number",
        "bench -o xml              | 'xml'",
        "bench -t 0                | threads must be 1 to 1024, not 0",
        "bench -b 0                | prefillBatch is 0",
        "tokenize -p x y           | give the text once",
        "tokenize -m m --tokenizer t x | not both",
        "tokenize --jsonl x        | --jsonl reads standard input",
        "logits -o x               | Missing required option: '--ids=ID'",
        "logits --ids 1 --positions 1 -o x | --positions has 1, with 1 ids they go from 0 to 0",
        "logits --ids 1,2048 -o x  | --ids has 2048, the vocabulary goes from 0 to 2047",
        "logits --ids 1,2 -c 1 -o x | 2 ids do not fit a context of 1",
      })
  void wrongUseIsStatus2AndOneLine(String commandLine, String message) {
    CommandRun run = CommandRun.of(commandLine.split(" ", -1));

    assertThat(run.err()).startsWith("chaski: ").contains(message).contains("--help");
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "run -m /no/such.gguf -p x             | /no/such.gguf: there is no such file",
        "run -f /no/such.txt                   | /no/such.txt: there is no such file",
        "info -m pom.xml                       | pom.xml: ",
        "tokenize --tokenizer /no/such.json x  | /no/such.json: there is no such file",
        "tokenize --tokenizer pom.xml x        | pom.xml",
        "logits --ids 1 -o /no/such/folder/x   | there is no folder /no/such/folder",
        "run -c 8 -p Hello                     | shorten it or use a larger context",
      })
  void failureIsStatus1AndOneLine(String commandLine, String message) {
    CommandRun run = CommandRun.of(commandLine.split(" +", -1));

    assertThat(run.err()).startsWith("chaski: ").contains(message);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void stackTraceComesOnlyWhenAskedFor() {
    String[] args = {"info", "-m", "/no/such.gguf"};
    String[] debugArgs = {"info", "-m", "/no/such.gguf", "--debug"};

    assertThat(CommandRun.of(args).err()).doesNotContain("\tat ");
    assertThat(CommandRun.of(debugArgs).err()).contains("\tat dev.chaski");
    assertThat(CommandRun.withEnvironment(Map.of("CHASKI_DEBUG", "1"), args).err())
        .contains("\tat dev.chaski");
  }

  @Test
  void argumentsAreNotReadFromFiles() {
    CommandRun run = CommandRun.of("tokenize", "@pom.xml");

    assertThat(run.out()).isEqualTo(CommandRun.withInput("@pom.xml", "tokenize").out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"--version", "--help", "run --help", "help chat", "info", "tokenize x"})
  void aReaderThatLeavesIsNoFailure(String commandLine) {
    CommandRun run = CommandRun.withFailingOutput(1, "Broken pipe", commandLine.split(" "));

    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
  }

  @Test
  void aFullDiskIsAFailure() {
    CommandRun run = CommandRun.withFailingOutput(1, "No space left on device", "--version");

    assertThat(run.err()).isEqualTo("chaski: cannot write the output: No space left on device\n");
    assertThat(run.status()).isEqualTo(1);
  }
}
