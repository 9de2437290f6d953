package dev.chaski.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.chaski.kernels.RandomBlocks;
import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.quant.LittleEndian;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The decoders of the vector kernels give what the scalar ones give, bit for bit. */
class VectorFormatsTest {
  private static final long SEED = 20_240_723;
  private static final float UNTOUCHED = 12345.5f;

  private final VectorFormats formats = new VectorFormats();

  /** Any bytes: random scales among them that are subnormal, infinite or NaN. */
  @ParameterizedTest
  @EnumSource(TensorType.class)
  void randomBytesDecodeAsTheScalarDecoderSays(TensorType type) {
    try (Arena arena = Arena.ofConfined()) {
      int values = 600 * Math.max(32, type.blockSize());
      MemorySegment bytes = new RandomBlocks(SEED).bytes(arena, type.byteSize(values));
      compare(type, bytes, 0, values);
    }
  }

  /** From a block in the middle, to the middle of an array, and nothing beside it is written. */
  @ParameterizedTest
  @EnumSource(TensorType.class)
  void anyRunOfBlocksCanBeDecoded(TensorType type) {
    try (Arena arena = Arena.ofConfined()) {
      int blocks = 70;
      long size = type.byteSize((long) blocks * type.blockSize());
      MemorySegment bytes = new RandomBlocks(SEED).bytes(arena, size);
      for (int first : new int[] {0, 1, 3}) {
        for (int count : new int[] {0, 1, 2, 3, 15, 16, 17, 33, 67}) {
          long offset = (long) first * type.bytesPerBlock();
          compare(type, bytes, offset, count * type.blockSize());
        }
      }
    }
  }

  /** All of them: subnormals, both zeros, infinities and NaN. */
  @ParameterizedTest
  @EnumSource(
      value = TensorType.class,
      names = {"F16", "BF16"})
  void every16BitNumberDecodesAsTheScalarDecoderSays(TensorType type) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(2L << 16);
      for (int i = 0; i < 1 << 16; i++) {
        bytes.set(LittleEndian.SHORT, 2L * i, (short) i);
      }
      compare(type, bytes, 0, 1 << 16);
    }
  }

  private void compare(TensorType type, MemorySegment bytes, long offset, int count) {
    int at = 5;
    float[] expected = new float[count + 2 * at];
    float[] actual = new float[count + 2 * at];
    Arrays.fill(expected, UNTOUCHED);
    Arrays.fill(actual, UNTOUCHED);
    type.decoder().decode(bytes, offset, expected, at, count);
    formats.of(type).decode(bytes, offset, actual, at, count);
    for (int i = 0; i < actual.length; i++) {
      // floatToIntBits: one NaN is as good as another.
      if (Float.floatToIntBits(actual[i]) != Float.floatToIntBits(expected[i])) {
        int block = (i - at) / type.blockSize();
        fail(
            "%s value %d of %d at byte %d, block %s, seed %d: %s instead of %s",
            type,
            i - at,
            count,
            offset,
            hex(type, bytes, offset + (long) block * type.bytesPerBlock()),
            SEED,
            actual[i],
            expected[i]);
      }
    }
    assertThat(actual).hasSameSizeAs(expected);
  }

  private static String hex(TensorType type, MemorySegment bytes, long offset) {
    MemorySegment block = bytes.asSlice(offset, type.bytesPerBlock());
    return HexFormat.of().formatHex(block.toArray(ValueLayout.JAVA_BYTE));
  }
}
