package dev.chaski.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each command that opens a model, given something that is none: one line that names it. */
@EnabledOnOs({OS.LINUX, OS.MAC})
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StrangeModelTest {
  private static final long TEBIBYTE = 1L << 40;

  /** MODEL and OUT stand for files. */
  private static final List<String> COMMANDS =
      List.of(
          "info -m MODEL",
          "run -m MODEL -p Hello",
          "run -m MODEL -p Hello --no-mmap",
          "chat -m MODEL",
          "tokenize -m MODEL Hello",
          "bench -m MODEL -p 1 -n 1 -r 1",
          "perplexity -m MODEL -f TEXT",
          "logits -m MODEL --ids 1 -o OUT",
          "quantize MODEL OUT Q4_0",
          "convert MODEL OUT");

  @TempDir private Path folder;

  /** Things that are no model. */
  enum Kind {
    MISSING,
    EMPTY,
    EMPTY_FOLDER,
    PIPE,
    UNREADABLE,
    TEBIBYTE_OF_NOTHING,
    TEXT
  }

  static Stream<Arguments> cases() {
    return COMMANDS.stream()
        .flatMap(command -> Stream.of(Kind.values()).map(kind -> Arguments.of(command, kind)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isRefusedInOneLineAndLeavesNothing(String command, Kind kind)
      throws IOException, InterruptedException {
    Path model = folder.resolve("model.gguf");
    Path text = Files.writeString(folder.resolve("text.txt"), "Hello");
    make(kind, model);
    List<Path> before = files();
    String[] args =
        Stream.of(command.split(" ", -1))
            .map(word ->
                switch (word) {
                  case "MODEL" -> model.toString();
                  case "TEXT" -> text.toString();
                  case "OUT" -> folder.resolve("out").toString();
                  default -> word;
                })
            .toArray(String[]::new);
    CommandRun run = CommandRun.of(args);
    assertThat(run.status()).as(run.err()).isIn(ExitStatus.FAILURE, ExitStatus.USAGE);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .startsWith("chaski: ")
        .contains(folder.toString())
        .doesNotContain("internal error", "Exception");
    assertThat(run.err().lines()).as(run.err()).hasSize(1);
    assertThat(files()).isEqualTo(before);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private static void make(Kind kind, Path model) throws IOException, InterruptedException {
    switch (kind) {
      case MISSING -> {}
      case EMPTY -> Files.createFile(model);
      case EMPTY_FOLDER -> Files.createDirectory(model);
      case PIPE -> {
        Process mkfifo = new ProcessBuilder("mkfifo", model.toString()).start();
        assumeTrue(mkfifo.waitFor(10, TimeUnit.SECONDS) && mkfifo.exitValue() == 0, "no mkfifo");
      }
      case UNREADABLE -> {
        Files.writeString(model, "GGUF");
        Files.setPosixFilePermissions(model, PosixFilePermissions.fromString("-wx------"));
        assumeTrue(!Files.isReadable(model), "this user may read everything");
      }
      case TEBIBYTE_OF_NOTHING -> {
        try (RandomAccessFile file = new RandomAccessFile(model.toFile(), "rw")) {
          file.setLength(TEBIBYTE);
        } catch (IOException e) {
          assumeTrue(false, "the file system has no files of this size: " + e.getMessage());
        }
      }
      case TEXT -> Files.writeString(model, "no model at all, but a text of some length");
    }
  }
}
