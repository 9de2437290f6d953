package dev.chaski.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.chaski.format.WholeFile;
import dev.chaski.kernels.TensorType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GgufWriterTest {
  @TempDir Path folder;

  @Test
  void typesWithoutNumberAreRefused() {
    GgufWriter writer = new GgufWriter();
    MemorySegment data = MemorySegment.ofArray(new byte[4]);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.addTensor("w", TensorType.F8_E4M3, List.of(4L), data))
        .withMessageContaining("'w' is F8_E4M3");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "F8_E4M3")
  void tensorsOfEveryTypeReadBack(TensorType type) throws IOException {
    long columns = 3L * type.blockSize();
    byte[] bytes = new byte[(int) type.byteSize(columns * 5)];
    new Random(42).nextBytes(bytes);
    Path path = folder.resolve("model.gguf");
    new GgufWriter()
        .addTensor("before", TensorType.F32, List.of(), MemorySegment.ofArray(new float[] {1}))
        .addTensor("matrix", type, List.of(columns, 5L), MemorySegment.ofArray(bytes))
        .addTensor("streamed", type, List.of(columns, 5L), out -> out.write(ByteBuffer.wrap(bytes)))
        .writeTo(path);
    try (GgufFile file = GgufFile.open(path)) {
      assertThat(file.tensors())
          .extracting(GgufTensor::name)
          .containsExactly("before", "matrix", "streamed");
      for (String name : List.of("matrix", "streamed")) {
        GgufTensor tensor = file.tensor(name).orElseThrow();
        assertThat(tensor.type()).isEqualTo(type);
        assertThat(tensor.shape()).containsExactly(columns, 5L);
        assertThat(tensor.rows()).isEqualTo(5);
        assertThat(tensor.columns()).isEqualTo(columns);
        assertThat(tensor.data().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(bytes);
      }
      GgufTensor scalar = file.tensor("before").orElseThrow();
      assertThat(scalar.rows()).isEqualTo(1);
      assertThat(scalar.columns()).isEqualTo(1);
    }
  }

  @Test
  void tensorsLargerThanAChunkAreWrittenWhole() throws IOException {
    byte[] bytes = new byte[(3 << 20) + 4];
    new Random(7).nextBytes(bytes);
    Path path = folder.resolve("model.gguf");
    new GgufWriter()
        .addTensor("t", TensorType.F32, List.of(bytes.length / 4L), MemorySegment.ofArray(bytes))
        .writeTo(path);
    try (GgufFile file = GgufFile.open(path)) {
      assertThat(file.tensor("t").orElseThrow().data().toArray(ValueLayout.JAVA_BYTE))
          .isEqualTo(bytes);
    }
  }

  @Test
  void metadataOfEveryTypeCopiesUnchanged() throws IOException {
    RawGguf raw = RawGguf.withCounts(0, 5);
    raw.string("general.alignment").u32(RawGguf.UINT32).u32(64);
    raw.string("split.count").u32(RawGguf.UINT8).u8(1);
    raw.string("dropped").u32(RawGguf.UINT8).u8(1);
    raw.string("nested").u32(RawGguf.ARRAY).u32(RawGguf.ARRAY).u64(1);
    raw.u32(RawGguf.STRING).u64(2).string("a").string("");
    raw.string("text").u32(RawGguf.STRING).string("x\u00ff");
    Path source = raw.writeTo(folder.resolve("source.gguf"));
    Path target = folder.resolve("target.gguf");
    try (GgufFile file = GgufFile.open(source)) {
      new GgufWriter()
          .putString("added", "first")
          .copyMetadata(file.metadata(), key -> !key.equals("dropped"))
          .writeTo(target);
    }
    RawGguf expected = RawGguf.withCounts(0, 3);
    expected.string("added").u32(RawGguf.STRING).string("first");
    expected.string("nested").u32(RawGguf.ARRAY).u32(RawGguf.ARRAY).u64(1);
    expected.u32(RawGguf.STRING).u64(2).string("a").string("");
    expected.string("text").u32(RawGguf.STRING).string("x\u00ff").align(32);
    assertThat(Files.readAllBytes(target)).isEqualTo(expected.toBytes());
  }

  @Test
  void aFileMayBeRewrittenWhileItIsOpen() throws IOException {
    Path path = folder.resolve("model.gguf");
    GgufWriter first = new GgufWriter().putUint32("generation", 1);
    first.addTensor("t", TensorType.F32, List.of(2L), MemorySegment.ofArray(new float[] {1, 2}));
    first.writeTo(path);
    try (GgufFile file = GgufFile.open(path)) {
      GgufTensor tensor = file.tensor("t").orElseThrow();
      new GgufWriter()
          .putUint32("generation", 2)
          .addTensor("t", tensor.type(), tensor.shape(), tensor.data())
          .writeTo(path);
      assertThat(file.metadata().getInt("generation")).isEqualTo(1);
    }
    try (GgufFile file = GgufFile.open(path)) {
      assertThat(file.metadata().getInt("generation")).isEqualTo(2);
      assertThat(file.tensor("t").orElseThrow().data().get(GgufLayouts.FLOAT32, 4)).isEqualTo(2f);
    }
  }

  @Test
  void aFailureLeavesNothingAndKeepsWhatWasThere() throws IOException {
    Path path = Files.writeString(folder.resolve("model.gguf"), "precious");
    GgufWriter writer = new GgufWriter();
    writer.addTensor(
        "t",
        TensorType.F32,
        List.of(2L),
        _ -> {
          throw new IOException("source gone");
        });
    assertThatIOException().isThrownBy(() -> writer.writeTo(path)).withMessage("source gone");
    assertOnlyThePreciousFile(path);
  }

  /** The superuser could put a file in the place of one. */
  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void whatIsNoFileIsNotReplaced() throws IOException {
    for (Path target : List.of(folder, Path.of("/dev/null"))) {
      assertThatExceptionOfType(FileSystemException.class)
          .isThrownBy(() -> new GgufWriter().writeTo(target))
          .withMessageStartingWith(target + ": is a ")
          .withMessageEndingWith("; give the name of a file");
      assertThatExceptionOfType(FileSystemException.class)
          .isThrownBy(() -> WholeFile.write(target, new byte[1]))
          .withMessageStartingWith(target + ": is a ");
    }
    assertThat(Files.isRegularFile(Path.of("/dev/null"))).isFalse();
  }

  @Test
  void aSourceMustWriteExactlyItsBytes() throws IOException {
    Path path = Files.writeString(folder.resolve("model.gguf"), "precious");
    for (int size : new int[] {0, 7, 9}) {
      GgufWriter writer = new GgufWriter();
      writer.addTensor(
          "t", TensorType.F32, List.of(2L), out -> out.write(ByteBuffer.allocate(size)));
      assertThatIllegalStateException()
          .isThrownBy(() -> writer.writeTo(path))
          .withMessageContaining("8 bytes of tensor 't'");
    }
    assertOnlyThePreciousFile(path);
  }

  @Test
  void theAlignmentIsCopiedWhereItIsTheOneWritten() throws IOException {
    RawGguf raw = RawGguf.withCounts(0, 1);
    raw.string("general.alignment").u32(RawGguf.UINT32).u32(32).align(32);
    Path source = raw.writeTo(folder.resolve("source.gguf"));
    Path target = folder.resolve("target.gguf");
    try (GgufFile file = GgufFile.open(source)) {
      new GgufWriter().copyMetadata(file.metadata(), _ -> true).writeTo(target);
    }
    assertThat(target).hasSameBinaryContentAs(source);
  }

  @Test
  void whatTheReaderWouldRefuseIsRefused() {
    GgufWriter writer = new GgufWriter().putBoolean("k", true);
    MemorySegment data = MemorySegment.ofArray(new float[1]);
    writer.addTensor("t", TensorType.F32, List.of(1L), data);
    assertThatIllegalArgumentException().isThrownBy(() -> writer.putBoolean("k", true));
    assertThatIllegalArgumentException().isThrownBy(() -> writer.putBoolean("", true));
    assertThatIllegalArgumentException().isThrownBy(() -> writer.putString("s", "\ud800"));
    assertThatIllegalArgumentException().isThrownBy(() -> writer.putUint32("u", -1));
    assertThatIllegalArgumentException().isThrownBy(() -> writer.putUint32("u", 1L << 32));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.putIntegers("i", GgufValueType.INT8, 0, 128));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.putInteger("f", GgufValueType.FLOAT32, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.putUint32("general.alignment", 64));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.addTensor("t", TensorType.F32, List.of(1L), data));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.addTensor("x".repeat(65), TensorType.F32, List.of(1L), data));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.addTensor("x", TensorType.F32, List.of(2L), data));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.addTensor("x", TensorType.F32, List.of(1L, 0L), data));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.addTensor("x", TensorType.Q8_0, List.of(16L), data));
  }

  private void assertOnlyThePreciousFile(Path path) throws IOException {
    assertThat(path).hasContent("precious");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(path);
    }
  }
}
