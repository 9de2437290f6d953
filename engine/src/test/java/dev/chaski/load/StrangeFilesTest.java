package dev.chaski.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KernelsChoice;
import dev.chaski.kernels.KernelsOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Things that are no model, by the name of one. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StrangeFilesTest {
  private static final long TEBIBYTE = 1L << 40;

  @TempDir Path folder;
  private Kernels kernels;

  @BeforeEach
  void start() {
    kernels = KernelsChoice.named("scalar").provider().create(new KernelsOptions(1));
  }

  @AfterEach
  void stop() {
    kernels.close();
  }

  /** For a folder, the file is its weights. */
  private Path file(String name) throws IOException {
    new TinyCheckpoint(TinyCheckpoint.Form.F32, true, 1).writeTo(folder);
    Files.deleteIfExists(folder.resolve(name));
    return folder.resolve(name);
  }

  private void assertRefused(Path file, String part) {
    Path model = file.getFileName().toString().endsWith(".gguf") ? file : file.getParent();
    assertThatThrownBy(() -> ModelLoader.load(model, kernels))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(part)
        .hasMessageContaining(file.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.gguf", "model.safetensors", "config.json", "tokenizer.json"})
  void anEmptyFile(String name) throws IOException {
    assertRefused(
        Files.createFile(file(name)),
        name.equals("tokenizer.json") ? "the end of the document" : "empty");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.safetensors", "config.json", "tokenizer.json"})
  void aFolder(String name) throws IOException {
    assertRefused(Files.createDirectory(file(name)), "directory");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.gguf", "model.safetensors", "config.json", "tokenizer.json"})
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void aPipe(String name) throws IOException, InterruptedException {
    Path pipe = file(name);
    Process process = new ProcessBuilder("mkfifo", pipe.toString()).start();
    assumeTrue(process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0, "needs mkfifo");
    assertRefused(pipe, "pipe");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.gguf", "model.safetensors", "config.json", "tokenizer.json"})
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void aFileThatMayNotBeRead(String name) throws IOException {
    Path file = Files.writeString(file(name), "{}");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("-wx------"));
    assumeTrue(!Files.isReadable(file), "this user may read everything");
    assertRefused(file, "permission");
  }

  /** Nothing of it is read but its beginning, and nothing is copied. */
  @ParameterizedTest
  @ValueSource(strings = {"model.gguf", "model.safetensors", "config.json", "tokenizer.json"})
  @EnabledOnOs(OS.LINUX)
  void aTebibyteOfNothing(String name) throws IOException {
    Path file = file(name);
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.SPARSE,
            StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(1), TEBIBYTE - 1);
    } catch (IOException e) {
      assumeTrue(false, "the file system has no files of this size: " + e.getMessage());
    }
    assertThat(Files.size(file)).isEqualTo(TEBIBYTE);
    assertRefused(
        file,
        switch (name) {
          case "model.gguf" -> "GGUF";
          case "model.safetensors" -> "header";
          case "tokenizer.json" -> "longer than";
          default -> "which no such file needs";
        });
  }
}
