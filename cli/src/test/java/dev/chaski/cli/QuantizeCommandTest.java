package dev.chaski.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.cli.terminal.Console;
import dev.chaski.cli.terminal.Console.Stream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Quantizes the model inside, again. */
class QuantizeCommandTest {
  @TempDir private Path folder;
  private Path in;
  private Path out;

  @BeforeEach
  void writeModel() throws IOException {
    in = folder.resolve("in.gguf");
    out = folder.resolve("out.gguf");
    try (InputStream model = EmbeddedModel.class.getResourceAsStream("cria/cria-q8_0.gguf")) {
      Files.copy(model, in);
    }
  }

  @Test
  void writesAModelThatAnswers() {
    CommandRun run = quantize("Q4_K_M");

    assertThat(run.err())
        .isEqualTo(
            "chaski: note: 36 tensors are already quantized, as Q8_0: rounding again loses more"
                + " than quantizing the original\n");
    assertThat(run.out())
        .matches(
            "\\Q"
                + out
                + ": Q4_K_M, 2.6 MiB, 4.97 bits a weight; was 4.4 MiB, 8.52 bits; took \\E"
                + "\\d+\\.\\d s\n");
    assertThat(run.status()).isZero();
    assertThat(CommandRun.of("info", "-m", out.toString()).out())
        .contains("Model        Cria\n")
        .contains("4.97 bits each")
        .containsPattern("Q4_K +31 ")
        .containsPattern("Q6_K +5 ");
    CommandRun answer =
        CommandRun.of(
            "run", "-m", out.toString(), "-q", "--temp", "0", "-p", "What is the capital of Peru?");
    assertThat(answer.out()).isEqualTo("The capital of Peru is Lima.\n");
  }

  @Test
  void theTypeMayBeWrittenInAnyCase() throws IOException {
    assertThat(quantize("-t", "1", "q8_0").status()).isZero();
    assertThat(Files.size(out)).isEqualTo(Files.size(in));
    assertThat(CommandRun.of("info", "-m", out.toString()).out()).containsPattern("Q8_0 +36 ");
  }

  @Test
  void showsHowFarItIsOnATerminalOnly() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console terminal =
        new Console(
            new ByteArrayInputStream(new byte[0]),
            OutputStream.nullOutputStream(),
            err,
            Set.of(Stream.STDERR),
            Map.of("TERM", "xterm", "NO_COLOR", "1"));

    assertThat(Main.run(terminal, "quantize", in.toString(), out.toString(), "F16")).isZero();
    assertThat(err.toString(StandardCharsets.UTF_8)).endsWith("\r\u001b[K");
    assertThat(quantize("F16").err()).isEmpty();
  }

  @Test
  void aModelIsNotWrittenOverItself() throws IOException {
    byte[] before = Files.readAllBytes(in);
    CommandRun run = CommandRun.of("quantize", in.toString(), in.toString(), "Q8_0");

    assertThat(run.err())
        .startsWith("chaski: " + in + ": a file cannot be read and replaced at the same time");
    assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
    assertThat(in).hasBinaryContent(before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Q4_K_X    | Invalid value for positional parameter at index 2 (TYPE): expected one of [F32,
          -t 0 Q4_0 | at least 1 thread
          F16 F16   | there is no argument 'F16'
          """)
  void wrongArgumentsAreExplained(String arguments, String message) {
    CommandRun run = quantize(arguments.split(" "));

    assertThat(run.err()).startsWith("chaski: ").contains(message);
    assertThat(run.out()).isEmpty();
    assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
    assertThat(out).doesNotExist();
  }

  @Test
  void whatCannotBeReadOrWrittenIsNamed() {
    Path missing = folder.resolve("missing.gguf");
    CommandRun unread = CommandRun.of("quantize", missing.toString(), out.toString(), "Q8_0");
    assertThat(unread.err()).isEqualTo("chaski: " + missing + ": there is no such file\n");
    assertThat(unread.status()).isEqualTo(ExitStatus.FAILURE);

    Path nowhere = folder.resolve("nowhere/out.gguf");
    CommandRun unwritten = CommandRun.of("quantize", in.toString(), nowhere.toString(), "Q8_0");
    assertThat(unwritten.err())
        .isEqualTo(
            "chaski: "
                + nowhere
                + ": there is no folder "
                + folder.resolve("nowhere")
                + "; make it first\n");
    assertThat(unwritten.status()).isEqualTo(ExitStatus.FAILURE);
  }

  @ParameterizedTest
  @CsvSource({"40, NVFP4", "31, Q4_0_4_4", "99, not a known type"})
  void aTypeWeDoNotReadIsNamed(int id, String name) throws IOException {
    Path file = Files.write(folder.resolve("odd.gguf"), withTypeOf("blk.3.attn_q.weight", id));
    for (CommandRun run :
        new CommandRun[] {
          CommandRun.of("info", "-m", file.toString()),
          CommandRun.of("quantize", file.toString(), out.toString(), "Q8_0")
        }) {
      assertThat(run.err())
          .startsWith("chaski: " + file)
          .contains("'blk.3.attn_q.weight' has type " + id, name, "supported are F32 F16");
      assertThat(run.status()).isEqualTo(ExitStatus.FAILURE);
    }
  }

  /** The model with another number behind the name and shape of a matrix. */
  private byte[] withTypeOf(String tensor, int id) throws IOException {
    byte[] bytes = Files.readAllBytes(in);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int typeAt = text.indexOf(tensor) + tensor.length() + Integer.BYTES + 2 * Long.BYTES;
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(buffer.getInt(typeAt)).as("Q8_0").isEqualTo(8);
    buffer.putInt(typeAt, id);
    return bytes;
  }

  private CommandRun quantize(String... rest) {
    String[] arguments = new String[rest.length + 3];
    arguments[0] = "quantize";
    arguments[1] = in.toString();
    arguments[2] = out.toString();
    System.arraycopy(rest, 0, arguments, 3, rest.length);
    return CommandRun.of(arguments);
  }
}
