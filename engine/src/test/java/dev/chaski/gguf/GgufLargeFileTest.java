package dev.chaski.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.chaski.format.ModelFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files of several gigabytes, which are holes on the disk but for a few bytes. */
class GgufLargeFileTest {
  private static final long GIB = 1L << 30;

  @TempDir Path folder;

  @Test
  void readsATensorBeyondFourGibibytes() throws IOException {
    RawGguf raw = RawGguf.withCounts(2, 0);
    raw.tensor("large", RawGguf.F32, 0, 1 << 20, 1280).tensor("last", RawGguf.F32, 5 * GIB, 2);
    byte[] header = raw.align(32).toBytes();
    Path path = sparse(header, header.length + 5 * GIB, new byte[] {0, 0, 0, 0x40, 0, 0, 0, 0x41});
    try (GgufFile file = GgufFile.open(path)) {
      assertThat(file.byteSize()).isEqualTo(header.length + 5 * GIB + 8);
      GgufTensor large = file.tensor("large").orElseThrow();
      assertThat(large.data().byteSize()).isEqualTo(5 * GIB);
      assertThat(large.data().get(GgufLayouts.FLOAT32, 5 * GIB - 4)).isZero();
      GgufTensor last = file.tensor("last").orElseThrow();
      assertThat(last.offset()).isEqualTo(header.length + 5 * GIB);
      assertThat(last.data().get(GgufLayouts.FLOAT32, 0)).isEqualTo(2.0f);
      assertThat(last.data().get(GgufLayouts.FLOAT32, 4)).isEqualTo(8.0f);
    }
  }

  static Stream<Arguments> claims() {
    RawGguf zeroStrings =
        RawGguf.withCounts(0, 1).string("k").u32(RawGguf.ARRAY).u32(RawGguf.STRING);
    RawGguf bytes = RawGguf.withCounts(0, 1).string("k").u32(RawGguf.ARRAY).u32(RawGguf.UINT8);
    return Stream.of(
        Arguments.of("number of tensors is 16777216", RawGguf.withCounts(1 << 24, 0)),
        Arguments.of("number of metadata entries is", RawGguf.withCounts(0, 1 << 24)),
        Arguments.of("array length of the value", zeroStrings.u64(1 << 28)),
        Arguments.of("array length of the value", bytes.u64(3 * GIB)),
        Arguments.of("that a header may take", headerOverTheLimit()));
  }

  /** Many strings, each of which could be accepted alone. */
  private static RawGguf headerOverTheLimit() {
    RawGguf raw = RawGguf.withCounts(0, 1).string("k").u32(RawGguf.ARRAY).u32(RawGguf.STRING);
    return raw.u64(1 << 20).u64(GgufLimits.MAX_HEADER_BYTES - 1000);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("claims")
  void aClaimThatTheFileCouldHoldIsRefusedBeyondTheLimits(String message, RawGguf raw)
      throws IOException {
    byte[] header = raw.toBytes();
    Path path = sparse(header, 5 * GIB, new byte[1]);
    assertTimeout(
        Duration.ofSeconds(2),
        () ->
            assertThatExceptionOfType(ModelFormatException.class)
                .isThrownBy(() -> GgufFile.open(path))
                .withMessageContaining(message));
  }

  private Path sparse(byte[] header, long end, byte[] tail) throws IOException {
    Path path = folder.resolve("sparse.gguf");
    try (FileChannel channel =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.SPARSE,
            StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(header), 0);
      channel.write(ByteBuffer.wrap(tail), end);
    }
    return path;
  }
}
