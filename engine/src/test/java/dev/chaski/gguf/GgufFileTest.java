package dev.chaski.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaski.format.ModelFormatException;
import dev.chaski.format.UnsupportedModelException;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GgufFileTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void opensBothVersions(int version) throws IOException {
    byte[] bytes = oneTensor(RawGguf.withCounts(1, 0)).toBytes();
    bytes[4] = (byte) version;
    Path path = write(bytes);
    try (GgufFile file = GgufFile.open(path)) {
      assertThat(file.version()).isEqualTo(version);
      assertThat(file.alignment()).isEqualTo(32);
      assertThat(file.path()).isEqualTo(path);
      assertThat(file.files()).containsExactly(path);
      assertThat(file.byteSize()).isEqualTo(bytes.length);
      GgufTensor tensor = file.tensor("t").orElseThrow();
      assertThat(tensor.shape()).containsExactly(4L, 3L, 2L);
      assertThat(tensor.columns()).isEqualTo(4);
      assertThat(tensor.rows()).isEqualTo(6);
      assertThat(tensor.size()).isEqualTo(24);
      assertThat(tensor.offset()).isEqualTo(bytes.length - 96);
      assertThat(tensor.data().isReadOnly()).isTrue();
      assertThat(tensor.data().byteSize()).isEqualTo(96);
      assertThat(file.tensor("other")).isEmpty();
    }
  }

  @Test
  void tensorsCannotBeReadAfterClose() throws IOException {
    GgufFile file = GgufFile.open(write(oneTensor(RawGguf.withCounts(1, 0)).toBytes()));
    GgufTensor tensor = file.tensor("t").orElseThrow();
    file.close();
    assertThatIllegalStateException().isThrownBy(() -> tensor.data().get(ValueLayout.JAVA_BYTE, 0));
  }

  @Test
  void aFileOfMetadataAloneIsSound() throws IOException {
    try (GgufFile file = GgufFile.open(write(RawGguf.withCounts(0, 0).toBytes()))) {
      assertThat(file.tensors()).isEmpty();
      assertThat(file.metadata().entries()).isEmpty();
    }
  }

  @Test
  void aLargerAlignmentIsUsed() throws IOException {
    RawGguf raw = RawGguf.withCounts(2, 1).string("general.alignment").u32(RawGguf.UINT32).u32(256);
    raw.tensor("a", RawGguf.F32, 0, 1).tensor("b", RawGguf.F32, 256, 1).align(256).zeros(260);
    try (GgufFile file = GgufFile.open(write(raw.toBytes()))) {
      assertThat(file.alignment()).isEqualTo(256);
      assertThat(file.tensors()).extracting(t -> t.offset() % 256).containsExactly(0L, 0L);
    }
  }

  @Test
  void tensorsMayStandInAnyOrderWithGapsBetween() throws IOException {
    RawGguf raw = RawGguf.withCounts(2, 0);
    raw.tensor("a", RawGguf.F32, 96, 8).tensor("b", RawGguf.F32, 0, 8).align(32).zeros(128);
    try (GgufFile file = GgufFile.open(write(raw.toBytes()))) {
      assertThat(file.tensors()).extracting(GgufTensor::name).containsExactly("a", "b");
    }
  }

  @Test
  void arraysMayNestALittle() throws IOException {
    RawGguf raw = RawGguf.withCounts(0, 1).string("nested").u32(RawGguf.ARRAY);
    raw.u32(RawGguf.ARRAY).u64(2);
    raw.u32(RawGguf.UINT8).u64(3).zeros(3);
    raw.u32(RawGguf.STRING).u64(1).string("x");
    try (GgufFile file = GgufFile.open(write(raw.toBytes()))) {
      GgufEntry entry = file.metadata().entry("nested").orElseThrow();
      assertThat(entry.describeType()).isEqualTo("array of 2 array");
      assertThat(file.metadata().summary(entry)).isEqualTo("[...]");
    }
  }

  static Stream<Arguments> foreignFiles() {
    return Stream.of(
        Arguments.of("version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
        Arguments.of("<!DOCTYPE html><html>", "web page"),
        Arguments.of("tjgg\1\0\0\0", "older ggml format"),
        Arguments.of("PK\3\4\0\0\0\0", "zip archive"),
        Arguments.of("\u0010\0\0\0\0\0\0\0{\"a\":", "safetensors"),
        Arguments.of("something else", "starts with 'some', not with 'GGUF'"));
  }

  @ParameterizedTest
  @MethodSource("foreignFiles")
  void aFileOfAnotherKindIsRecognized(String content, String hint) throws IOException {
    assertFault(content.getBytes(StandardCharsets.ISO_8859_1), hint);
  }

  @Test
  void otherVersionsAndByteOrdersAreUnsupported() throws IOException {
    assertUnsupported(new RawGguf().text("GGUF").u32(1).zeros(16), "GGUF version 1; versions 2");
    assertUnsupported(new RawGguf().text("GGUF").u32(-1).zeros(16), "version 4294967295");
    assertUnsupported(new RawGguf().text("GGUF").text("\0\0\0\3").zeros(16), "big endian");
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5, 31, 32, 33, 36, 37, 38, 43, 1000, -1})
  void unknownTensorTypesAreUnsupportedAndNamed(int type) throws IOException {
    assertUnsupported(
        RawGguf.withCounts(1, 0).tensor("odd", type, 0, 256).align(32).zeros(4096),
        "tensor 'odd' has type " + Integer.toUnsignedString(type) + ", ");
  }

  @Test
  void removedTensorTypesSayWhatToUseInstead() throws IOException {
    assertUnsupported(
        RawGguf.withCounts(1, 0).tensor("t", 31, 0, 256).align(32).zeros(4096),
        "which is Q4_0_4_4 (removed from ggml; use Q4_0) and not supported; supported are F32 ");
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        Arguments.of("'k' appears twice", entries(2).string("k").u32(0).u8(1).string("k").u32(0)),
        Arguments.of("key 0 is not valid UTF-8", entries(1).string("a\u00ff").u32(0)),
        Arguments.of("key 0 is empty", entries(1).string("").u32(0)),
        Arguments.of("at most 65535", entries(1).string("k".repeat(65_536)).u32(0)),
        Arguments.of("is a bool of 2", entries(1).string("k").u32(RawGguf.BOOL).u8(2)),
        Arguments.of("has type 13; types", entries(1).string("k").u32(13)),
        Arguments.of("has type 4294967295", entries(1).string("k").u32(-1)),
        Arguments.of("value of metadata key 'long' needs 8 bytes; only 7", cut()),
        Arguments.of("nests arrays more than 4", nested(5)),
        Arguments.of("is 0; expected a power of two", alignment(0)),
        Arguments.of("is 4; expected a power of two", alignment(4)),
        Arguments.of("is 48; expected a power of two", alignment(48)),
        Arguments.of("is 4294967295; expected a power", alignment(0xFFFF_FFFFL)),
        Arguments.of(
            "'general.alignment' is uint8; expected uint32",
            entries(1).string("general.alignment").u32(0).u8(32)),
        Arguments.of("'t' appears twice", tensors(2).tensor("t", 0, 0, 8).tensor("t", 0, 32, 8)),
        Arguments.of("tensor 0 is not valid UTF-8", tensors(1).tensor("\u00c3", 0, 0, 8)),
        Arguments.of("tensor 0 is empty", tensors(1).tensor("", 0, 0, 8)),
        Arguments.of("is 65; at most 64", tensors(1).tensor("t".repeat(65), 0, 0, 8)),
        Arguments.of("has 5 dimensions", tensors(1).tensor("t", 0, 0, 1, 1, 1, 1, 1)),
        Arguments.of("has 0 as dimension 1", tensors(1).tensor("t", 0, 0, 8, 0)),
        Arguments.of("has 18446744073709551615 as", tensors(1).tensor("t", 0, 0, -1)),
        Arguments.of("63 bits", tensors(1).tensor("t", 0, 0, 1L << 32, 1L << 32)),
        Arguments.of("63 bits", tensors(1).tensor("t", 0, 0, 1L << 62)),
        Arguments.of("rows of 48 values", tensors(1).tensor("t", RawGguf.Q8_0, 0, 48, 2)),
        Arguments.of("has offset 16; expected", tensors(1).tensor("t", 0, 16, 8)),
        Arguments.of("'b' starts inside tensor 'a', which", overlap(32)),
        Arguments.of("'a' starts inside tensor 'b', which", overlap(0)),
        Arguments.of("from offset 4096 of", tensors(1).tensor("t", 0, 4096, 8)),
        Arguments.of("from offset 18446744073709551584", tensors(1).tensor("t", 0, -32, 8)),
        Arguments.of("the file ends at byte", tensors(1).tensor("t", 0, Long.MAX_VALUE - 31, 8)),
        Arguments.of("the file ends at byte", tensors(1).tensor("t", 0, 0, (1L << 61) - 1)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void aFaultIsSaid(String message, RawGguf raw) throws IOException {
    // Room for a few small tensors, so that every fault but the intended one is avoided.
    byte[] padded = message.endsWith("only 7") ? raw.toBytes() : raw.align(32).zeros(96).toBytes();
    assertFault(padded, message);
  }

  private static RawGguf entries(int count) {
    return RawGguf.withCounts(0, count);
  }

  private static RawGguf tensors(int count) {
    return RawGguf.withCounts(count, 0);
  }

  private static RawGguf alignment(long alignment) {
    return entries(1).string("general.alignment").u32(RawGguf.UINT32).u32(alignment);
  }

  private static RawGguf nested(int depth) {
    RawGguf raw = entries(1).string("k").u32(RawGguf.ARRAY);
    for (int i = 1; i < depth; i++) {
      raw.u32(RawGguf.ARRAY).u64(1);
    }
    return raw.u32(RawGguf.UINT8).u64(1).u8(0);
  }

  private static RawGguf cut() {
    return entries(1).string("long").u32(10).zeros(7);
  }

  private static RawGguf overlap(long offset) {
    return tensors(2).tensor("b", RawGguf.F32, offset, 8).tensor("a", RawGguf.F32, 0, 16);
  }

  private static RawGguf oneTensor(RawGguf raw) {
    return raw.tensor("t", RawGguf.F32, 0, 4, 3, 2).align(32).zeros(96);
  }

  private void assertFault(byte[] content, String message) throws IOException {
    Path path = write(content);
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> GgufFile.open(path))
        .withMessageStartingWith(path + ": ")
        .withMessageContaining(message);
  }

  private void assertUnsupported(RawGguf raw, String message) throws IOException {
    Path path = write(raw.toBytes());
    assertThatThrownBy(() -> GgufFile.open(path))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageStartingWith(path + ": ")
        .hasMessageContaining(message)
        .hasMessageContaining("supported");
  }

  private Path write(byte[] content) throws IOException {
    return Files.write(folder.resolve("model.gguf"), content);
  }
}
