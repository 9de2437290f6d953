package dev.chaski.kernels.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaski.kernels.quant.Formats.Format;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for the decoder of every format. */
class BlockDecoderTest {
  private static final float UNTOUCHED = 12345.678f;

  private final Map<String, GoldenBlocks> goldens = GoldenBlocks.load();

  BlockDecoderTest() throws IOException {}

  @Test
  void everyFormatHasGoldens() {
    assertThat(goldens.keySet())
        .containsExactlyInAnyOrderElementsOf(Formats.ALL.stream().map(Format::name).toList());
  }

  @ParameterizedTest
  @MethodSource("dev.chaski.kernels.quant.Formats#all")
  void sizesAreThoseOfGgml(Format format) {
    GoldenBlocks golden = goldens.get(format.name());
    assertThat(format.blockSize()).isEqualTo(golden.blockSize());
    assertThat(format.blockBytes()).isEqualTo(golden.blockBytes());
  }

  @ParameterizedTest
  @MethodSource("dev.chaski.kernels.quant.Formats#all")
  void decodesGoldensBitForBit(Format format) {
    GoldenBlocks golden = goldens.get(format.name());
    float[] actual = new float[golden.values().length];
    format.decoder().decode(MemorySegment.ofArray(golden.raw()), 0, actual, 0, actual.length);
    GoldenBlocks.assertSameNumbers(actual, golden.values());
  }

  @ParameterizedTest
  @MethodSource("dev.chaski.kernels.quant.Formats#all")
  void decodesSharedVectorsBitForBit(Format format) throws IOException {
    Path folder = SharedVectors.folder("blocks");
    byte[] raw = SharedVectors.bytes(folder.resolve(format.name() + ".bin"));
    float[] expected = SharedVectors.floats(folder.resolve(format.name() + ".f32"));
    assertThat(expected.length / format.blockSize() * format.blockBytes()).isEqualTo(raw.length);
    float[] actual = new float[expected.length];
    format.decoder().decode(MemorySegment.ofArray(raw), 0, actual, 0, actual.length);
    GoldenBlocks.assertSameNumbers(actual, expected);
  }

  @ParameterizedTest
  @MethodSource("dev.chaski.kernels.quant.Formats#all")
  void decodesAtOddOffsetsAndLeavesTheRestAlone(Format format) {
    GoldenBlocks golden = goldens.get(format.name());
    int skipped = format.blockSize();
    int count = golden.values().length - skipped;
    float[] expected = Arrays.copyOfRange(golden.values(), skipped, golden.values().length);
    try (Arena arena = Arena.ofConfined()) {
      for (int lead : new int[] {1, 3, 7}) {
        // Off-heap memory of the exact size: a read past the end would throw.
        MemorySegment src = arena.allocate(lead + golden.raw().length, 1);
        MemorySegment.copy(MemorySegment.ofArray(golden.raw()), 0, src, lead, golden.raw().length);
        float[] dst = new float[count + lead + 2];
        Arrays.fill(dst, UNTOUCHED);
        format.decoder().decode(src, lead + format.blockBytes(), dst, lead, count);
        GoldenBlocks.assertSameNumbers(Arrays.copyOfRange(dst, lead, lead + count), expected);
        assertThat(Arrays.copyOf(dst, lead)).containsOnly(UNTOUCHED);
        assertThat(Arrays.copyOfRange(dst, lead + count, dst.length)).containsOnly(UNTOUCHED);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.chaski.kernels.quant.Formats#all")
  void acceptsAnyBytes(Format format) {
    Random random = new Random(7);
    byte[] raw = new byte[64 * format.blockBytes()];
    random.nextBytes(raw);
    float[] dst = new float[64 * format.blockSize()];
    Arrays.fill(dst, UNTOUCHED);
    format.decoder().decode(MemorySegment.ofArray(raw), 0, dst, 0, dst.length);
    assertThat(dst).doesNotContain(UNTOUCHED);
  }

  @ParameterizedTest
  @MethodSource("dev.chaski.kernels.quant.Formats#all")
  void refusesToReadOrWriteOutside(Format format) {
    MemorySegment tooShort = MemorySegment.ofArray(new byte[2 * format.blockBytes() - 1]);
    int count = 2 * format.blockSize();
    assertThatThrownBy(() -> format.decoder().decode(tooShort, 0, new float[count], 0, count))
        .isInstanceOf(IndexOutOfBoundsException.class);
    MemorySegment src = MemorySegment.ofArray(new byte[2 * format.blockBytes()]);
    assertThatThrownBy(() -> format.decoder().decode(src, 0, new float[count], 1, count))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
