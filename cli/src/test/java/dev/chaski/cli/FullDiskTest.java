package dev.chaski.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Commands that write, when the system writes no more than the first bytes of a file: {@code ulimit
 * -f} does that to every user, and fails in the same way and place as a full disk.
 */
@EnabledOnOs(OS.LINUX)
class FullDiskTest {
  private static final Path CRIA =
      Path.of("src/main/resources/dev/chaski/cli/cria/cria-q8_0.gguf").toAbsolutePath();
  private static final int TIMEOUT_SECONDS = 300;

  @TempDir private Path folder;

  /** A block is 512 bytes: the header, the first tensors, nearly all. */
  @ParameterizedTest
  @CsvSource({
    "1, quantize MODEL OUT Q4_0",
    "300, quantize MODEL OUT Q4_0",
    "5000, quantize MODEL OUT Q4_0",
    "1, logits -m MODEL --ids 1 -o OUT",
    "9, logits -m MODEL --ids 1 -o OUT",
    "300, convert FOLDER OUT",
  })
  void isToldInOneLineAndLeavesWhatWasThere(int blocks, String command)
      throws IOException, InterruptedException {
    Path out = Files.writeString(folder.resolve("out"), "precious");
    List<String> words = new ArrayList<>();
    for (String word : command.split(" ", -1)) {
      words.add(
          switch (word) {
            case "MODEL" -> CRIA.toString();
            case "FOLDER" -> SharedFiles.require("models/cria-hf/bf16").toString();
            case "OUT" -> out.toString();
            default -> word;
          });
    }
    CommandRun run = run(blocks, "", words);

    assertThat(run.status()).as(run.err()).isEqualTo(ExitStatus.FAILURE);
    assertThat(run.err())
        .endsWith("chaski: " + out + ": File too large; nothing was written\n")
        .doesNotContain("internal");
    assertThat(out).hasContent("precious");
    assertThat(files()).containsExactly(out);
  }

  @Test
  void aConversationThatCannotBeSavedGoesOn() throws IOException, InterruptedException {
    Path out = folder.resolve("talk");
    String said = "Repeat: " + "word ".repeat(60) + "\n/save " + out + "\nMy name is Ada.\n";
    List<String> chat = List.of("chat", "-m", CRIA.toString(), "-q", "--temp", "0");
    CommandRun run = run(1, said, chat);

    assertThat(run.err()).contains(out + ": File too large; nothing was written");
    assertThat(files()).isEmpty();
    CommandRun withoutLimit = run(100_000, said, chat);
    assertThat(withoutLimit.err()).doesNotContain("File too large");
    assertThat(files()).containsExactly(out);
    assertThat(run.out()).isNotBlank().isEqualTo(withoutLimit.out());
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  private static CommandRun run(int blocks, String input, List<String> args)
      throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "needs /bin/sh");
    Path streams = Files.createTempDirectory("streams");
    Path in = Files.writeString(streams.resolve("in"), input);
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(
            "/bin/sh",
            "-c",
            "ulimit -f " + blocks + "; exec \"$@\"",
            "sh",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-modules",
            "jdk.incubator.vector",
            "-XX:-UsePerfData",
            "--class-path",
            System.getProperty("java.class.path"),
            Main.class.getName()));
    command.addAll(args);
    Process process = new ProcessBuilder(command).redirectInput(in.toFile()).start();
    byte[] out = process.getInputStream().readAllBytes(); // little: no pipe gets full meanwhile
    byte[] err = process.getErrorStream().readAllBytes();
    boolean ended = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly();
    Files.delete(in);
    Files.delete(streams);
    assertThat(ended).isTrue();
    return new CommandRun(
        process.exitValue(),
        new String(out, StandardCharsets.UTF_8),
        new String(err, StandardCharsets.UTF_8));
  }
}
