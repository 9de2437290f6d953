package dev.chaski.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MappedFileTest {
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

  @TempDir Path folder;

  @Test
  void mapsTheWholeFileReadOnly() throws IOException {
    Path path = write("model", new byte[] {1, 2, 3});
    try (MappedFile file = MappedFile.open(path)) {
      assertThat(file.path()).isEqualTo(path);
      assertThat(file.byteSize()).isEqualTo(3);
      assertThat(file.bytes().toArray(BYTE)).containsExactly(1, 2, 3);
      assertThat(file.bytes().isReadOnly()).isTrue();
    }
  }

  @Test
  void useAfterCloseIsAnException() throws IOException {
    MappedFile file = MappedFile.open(write("model", new byte[] {1, 2, 3}));
    MemorySegment slice = file.bytes().asSlice(1, 1);
    file.close();
    file.close();
    assertThatIllegalStateException().isThrownBy(() -> slice.get(BYTE, 0));
  }

  @Test
  void refusesAnEmptyFile() throws IOException {
    Path path = write("model", new byte[0]);
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> MappedFile.open(path))
        .withMessageContaining(path.toString())
        .withMessageContaining("empty");
  }

  @Test
  void refusesADirectory() {
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> MappedFile.open(folder))
        .withMessage(folder + ": this is a directory; expected a file");
  }

  @Test
  void saysThatThereIsNoFile() {
    Path path = folder.resolve("absent");
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> MappedFile.open(path))
        .withMessage(path + ": there is no such file");
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void refusesAPipeInsteadOfWaitingForIt() throws IOException, InterruptedException {
    Path pipe = folder.resolve("pipe");
    Process process = new ProcessBuilder("mkfifo", pipe.toString()).start();
    assumeTrue(process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0, "needs mkfifo");
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> MappedFile.open(pipe))
        .withMessageContaining("pipe or device");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFileCutWhileMappedIsAnExceptionNotACrash() throws IOException {
    Path path = write("model", new byte[1 << 16]);
    try (MappedFile file = MappedFile.open(path)) {
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
        channel.truncate(10);
      }
      assertThatExceptionOfType(ModelFormatException.class)
          .isThrownBy(() -> file.read(MappedFileTest::sum))
          .withMessageContaining("truncated or replaced while in use");
    }
  }

  /** More than one chunk, so that their borders are in it. */
  @Test
  void aCopyInMemoryIsTheFileWhateverHappensToItLater() throws IOException {
    byte[] content = new byte[(16 << 20) + 12_345];
    new Random(1).nextBytes(content);
    Path path = write("model", content);
    try (MappedFile file = MappedFile.open(path, FileAccess.IN_MEMORY)) {
      Files.write(path, new byte[3]);
      file.requireWhole();
      file.requireUnchanged();
      assertThat(file.byteSize()).isEqualTo(content.length);
      assertThat(file.bytes().isReadOnly()).isTrue();
      assertThat(file.bytes().mismatch(MemorySegment.ofArray(content))).isEqualTo(-1);
    }
  }

  @Test
  void aClosedCopyIsClosed() throws IOException {
    MappedFile file = MappedFile.open(write("model", new byte[9]), FileAccess.IN_MEMORY);
    file.close();
    file.close();
    assertThatIllegalStateException().isThrownBy(() -> file.bytes().get(BYTE, 0));
    assertThatIllegalStateException().isThrownBy(file::requireWhole);
  }

  @Test
  void anInterruptEndsCopying() throws IOException {
    Path path = write("model", new byte[9]);
    Thread.currentThread().interrupt();
    try {
      assertThatExceptionOfType(ClosedByInterruptException.class)
          .isThrownBy(() -> MappedFile.open(path, FileAccess.IN_MEMORY));
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void whatIsNoFileIsNotCopiedEither() throws IOException {
    Path empty = write("model", new byte[0]);
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> MappedFile.open(empty, FileAccess.IN_MEMORY))
        .withMessageContaining("empty");
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> MappedFile.open(folder, FileAccess.IN_MEMORY))
        .withMessageContaining("this is a directory");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aTebibyteIsNotCopied() throws IOException {
    Path path = folder.resolve("sparse");
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(1L << 46);
    } catch (IOException e) {
      assumeTrue(false, "the file system has no files of this size: " + e.getMessage());
    }
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> MappedFile.open(path, FileAccess.IN_MEMORY))
        .withMessageContaining("there is no memory for a copy of its 70,368,744,177,664 bytes");
  }

  /** Another time alone is no fault, another content at the same time cannot be seen. */
  @ParameterizedTest
  @CsvSource({"0, true", "1048575, true", "40000, false"})
  void aChangeIsSeenWhereTheSamplesAre(int at, boolean seen) throws IOException {
    byte[] content = new byte[1 << 20];
    Path path = write("model", content);
    try (MappedFile file = MappedFile.open(path)) {
      Files.setLastModifiedTime(path, FileTime.fromMillis(0));
      file.requireUnchanged();
      try (RandomAccessFile writer = new RandomAccessFile(path.toFile(), "rw")) {
        writer.seek(at);
        writer.write(1);
      }
      Files.setLastModifiedTime(path, FileTime.fromMillis(1));
      if (seen) {
        assertThatExceptionOfType(ModelFormatException.class)
            .isThrownBy(file::requireUnchanged)
            .withMessageContaining("the file was changed at 1970-01-01T00:00:00.001Z");
      } else {
        file.requireUnchanged();
      }
    }
  }

  @Test
  void readingPassesResultsAndOtherFailuresThrough() throws IOException {
    try (MappedFile file = MappedFile.open(write("model", new byte[] {1, 2, 3}))) {
      assertThat(file.<Long, IOException>read(MappedFileTest::sum)).isEqualTo(6);
      assertThatExceptionOfType(UncheckedIOException.class)
          .isThrownBy(() -> file.read(_ -> fail(new UncheckedIOException(new IOException()))));
      InternalError other = new InternalError("of another kind");
      assertThatThrownBy(() -> file.read(_ -> fail(other))).isSameAs(other);
    }
  }

  private static long sum(MemorySegment bytes) {
    long sum = 0;
    for (long i = 0; i < bytes.byteSize(); i++) {
      sum += bytes.get(BYTE, i);
    }
    return sum;
  }

  private static long fail(RuntimeException failure) {
    throw failure;
  }

  private static long fail(Error failure) {
    throw failure;
  }

  private Path write(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }
}
