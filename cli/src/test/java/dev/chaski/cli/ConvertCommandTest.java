package dev.chaski.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.cli.terminal.Console;
import dev.chaski.cli.terminal.Console.Stream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Converts Cria's checkpoints. */
class ConvertCommandTest {
  @TempDir private Path folder;

  private Path out() {
    return folder.resolve("out.gguf");
  }

  private CommandRun convert(Path checkpoint, String... rest) {
    String[] arguments = new String[rest.length + 3];
    arguments[0] = "convert";
    arguments[1] = checkpoint.toString();
    arguments[2] = out().toString();
    System.arraycopy(rest, 0, arguments, 3, rest.length);
    return CommandRun.of(arguments);
  }

  private static Path checkpoint(String name) {
    return SharedFiles.require("models/cria-hf/" + name);
  }

  @ParameterizedTest
  @CsvSource({
    "bf16, '', BF16, 16.01, 16.01, BF16 +36 ",
    "fp8-dynamic, '', BF16, 16.01, 8.99, BF16 +36 ",
    "fp8-dynamic, --type=f32, F32, 32.00, 8.99, F32 +",
    "bf16, --type=q8_0, Q8_0, 8.52, 16.01, Q8_0 +36 ",
    "fp8-dynamic, --type=Q4_K_M, Q4_K_M, 4.97, 8.99, Q4_K +31 "
  })
  void writesAModelThatAnswers(
      String name, String option, String type, String bits, String oldBits, String tensors) {
    Path source = checkpoint(name);
    CommandRun run = option.isEmpty() ? convert(source) : convert(source, option);

    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .startsWith(out() + ": " + type + ", ")
        .contains(", " + bits + " bits a weight; was ", ", " + oldBits + " bits; took ");
    assertThat(run.status()).isZero();
    assertThat(CommandRun.of("info", "-m", out().toString()).out())
        .contains("Format       GGUF v3", bits + " bits each")
        .containsPattern(tensors);
    CommandRun answer =
        CommandRun.of(
            "run",
            "-m",
            out().toString(),
            "-q",
            "--temp",
            "0",
            "-p",
            "What is the capital of Peru?");
    assertThat(answer.out()).isEqualTo("The capital of Peru is Lima.\n");
  }

  @Test
  void showsHowFarItIsOnATerminal() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console terminal =
        new Console(
            new ByteArrayInputStream(new byte[0]),
            OutputStream.nullOutputStream(),
            err,
            Set.of(Stream.STDERR),
            Map.of("TERM", "xterm", "NO_COLOR", "1"));
    String source = checkpoint("bf16").toString();

    assertThat(Main.run(terminal, "convert", source, out().toString())).isZero();
    assertThat(err.toString(StandardCharsets.UTF_8)).endsWith("\r\u001b[K");
  }

  @Test
  void aFileThatWasThereIsReplaced() throws IOException {
    Files.writeString(out(), "before");
    assertThat(convert(checkpoint("bf16")).status()).isZero();
    assertThat(CommandRun.of("info", "-m", out().toString()).status()).isZero();
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(out());
    }
  }

  @Test
  void aCheckpointIsNotWrittenOver() {
    Path config = checkpoint("bf16").resolve("config.json");
    CommandRun run = CommandRun.of("convert", config.getParent().toString(), config.toString());
    assertThat(run.err())
        .startsWith("chaski: " + config + ": a file cannot be read and replaced at the same time");
    assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
  }

  @Test
  void whatIsNoCheckpointIsNamed() throws IOException {
    Path missing = folder.resolve("missing");
    CommandRun nothing = convert(missing);
    assertThat(nothing.err())
        .isEqualTo("chaski: " + missing + ": there is no such file or folder\n");
    assertThat(nothing.status()).isEqualTo(ExitStatus.FAILURE);

    Path empty = Files.createDirectory(folder.resolve("empty"));
    CommandRun noModel = convert(empty);
    assertThat(noModel.err())
        .startsWith("chaski: " + empty.resolve("config.json") + ": the file is missing");
    assertThat(noModel.status()).isEqualTo(ExitStatus.FAILURE);

    Path gguf = Files.writeString(folder.resolve("model.gguf"), "GGUF");
    CommandRun wrongKind = convert(gguf);
    assertThat(wrongKind.err())
        .isEqualTo(
            "chaski: "
                + gguf
                + ": expected the folder of a Hugging Face checkpoint, or a safetensors file in it;"
                + " 'chaski quantize' rewrites GGUF files\n");
    assertThat(wrongKind.status()).isEqualTo(ExitStatus.FAILURE);
    assertThat(out()).doesNotExist();
  }

  @Test
  void whereNothingCanBeWrittenIsNamed() {
    String source = checkpoint("bf16").toString();
    Path nowhere = folder.resolve("nowhere/out.gguf");
    CommandRun noFolder = CommandRun.of("convert", source, nowhere.toString());
    assertThat(noFolder.err())
        .isEqualTo(
            "chaski: %s: there is no folder %s; make it first\n"
                .formatted(nowhere, nowhere.getParent()));
    assertThat(noFolder.status()).isEqualTo(ExitStatus.FAILURE);

    CommandRun isFolder = CommandRun.of("convert", source, folder.toString());
    assertThat(isFolder.err())
        .isEqualTo("chaski: " + folder + ": is a folder; give the name of a file\n");
    assertThat(isFolder.status()).isEqualTo(ExitStatus.FAILURE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --type Q4_K_X | Invalid value for option '--type': expected one of [F32,
          -t 0          | at least 1 thread
          F16           | there is no argument 'F16'
          """)
  void wrongArgumentsAreExplained(String arguments, String message) {
    CommandRun run = convert(checkpoint("bf16"), arguments.split(" "));

    assertThat(run.err()).startsWith("chaski: ").contains(message);
    assertThat(run.out()).isEmpty();
    assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
    assertThat(out()).doesNotExist();
  }
}
