package dev.chaski.kernels.vector;

import static dev.chaski.kernels.quant.Q4_0Decoder.BLOCK_BYTES;
import static dev.chaski.kernels.quant.Q4_0Decoder.BLOCK_SIZE;
import static dev.chaski.kernels.vector.Lanes.F;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.chaski.kernels.cpu.CpuWeight;
import dev.chaski.kernels.quant.LittleEndian;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * Tiles of {@code Q4_0}; the layout is drawn at {@link dev.chaski.kernels.quant.Q4_0Decoder}. The
 * codes of four blocks are brought together in a register of 16 ints, and multiplied as those of
 * {@link Q4_KTiles}, without a sign: sums of products start with what that is too much.
 */
final class Q4_0Tiles implements TileFormat {
  private static final int CENTRE = 8;
  private static final int BLOCKS = STRIP / BLOCK_SIZE;
  private static final int STRIP_BYTES = BLOCKS * BLOCK_BYTES;

  /** Strips whose scales are unpacked at once: 16 scales of each row. */
  private static final int STRIPS = 4;

  private static final int SCALES = STRIPS * BLOCKS;

  // Codes of blocks 0 to 2 end before byte 64; those of block 3 are the last of the next register.
  private static final int LAST_AT = STRIP_BYTES - BytePlanes.LENGTH;
  private static final VectorShuffle<Byte> CODES =
      VectorShuffle.fromOp(BytePlanes.BYTES, i -> i < 48 ? i / 16 * BLOCK_BYTES + 2 + i % 16 : i);
  private static final VectorMask<Byte> LAST_CODES =
      VectorMask.fromLong(BytePlanes.BYTES, 0xFFFF_0000_0000_0000L);

  /** The F16 scales of four blocks, in front. */
  private static final VectorShuffle<Byte> HALVES =
      VectorShuffle.fromOp(BytePlanes.BYTES, i -> i < 8 ? i / 2 * BLOCK_BYTES + i % 2 : i);

  private static final VectorShuffle<Float> SCALES_OF_LANES = VectorShuffle.fromOp(F, i -> i / 4);

  private final int[] places = new int[STRIP];
  private final float[] factors = new float[STRIP];

  Q4_0Tiles() {
    for (int i = 0; i < STRIP; i++) {
      int lane = i % 16;
      int nibble = i / 16;
      places[i] = lane / 4 * BLOCK_SIZE + nibble % 2 * 16 + lane % 4 * 4 + nibble / 2;
      factors[i] = nibble == 7 ? 1 : 1f / (1 << (4 * nibble)); // the last is shifted down
    }
  }

  @Override
  public boolean fits(CpuWeight w) {
    return w.scale().isEmpty() && w.columns() % STRIP == 0;
  }

  @Override
  public void prepare(float[] x, int columns, TileInput to) {
    to.setPlanes(x, columns, places, factors);
    for (int start = 0; start < columns; start += STRIP) {
      for (int lane = 0; lane < 16; lane++) {
        float sum = 0;
        for (int i = lane; i < STRIP; i += 16) {
          sum += x[start + places[i]];
        }
        to.sums[start / 8 + lane] = -CENTRE * sum;
      }
    }
  }

  @Override
  public void multiply(CpuWeight w, int first, int rows, TileInput x, TileScratch s, long touch) {
    long rowBytes = w.rowBytes();
    long at = first * rowBytes;
    long t = touch;
    int strips = w.columns() / STRIP;
    for (int strip = 0; strip < strips; strip++, at += STRIP_BYTES) {
      int among = strip % STRIPS;
      if (among == 0) {
        gatherScales(w.data(), at, rowBytes, rows, Math.min(STRIPS, strips - strip), s.halves);
        toFloats(s.halves, rows * SCALES, s.scales);
      }
      dot(w.data(), at, rowBytes, rows, x, strip * STRIP, s, among * BLOCKS, t);
      t += (long) rows * STRIP_BYTES;
    }
  }

  /** What this writes past the scales of a strip, the next strip or row writes again. */
  private static void gatherScales(
      MemorySegment w, long at, long rowBytes, int rows, int strips, short[] halves) {
    for (int r = 0; r < rows; r++) {
      for (int strip = 0; strip < strips; strip++) {
        ByteVector.fromMemorySegment(
                BytePlanes.BYTES, w, at + r * rowBytes + (long) strip * STRIP_BYTES, LITTLE_ENDIAN)
            .rearrange(HALVES)
            .reinterpretAsShorts()
            .intoArray(halves, r * SCALES + strip * BLOCKS);
      }
    }
  }

  /** The compiler makes vector instructions of this by itself; the Vector API has none for it. */
  private static void toFloats(short[] halves, int count, float[] to) {
    for (int i = 0; i < count; i++) {
      to[i] = Float.float16ToFloat(halves[i]);
    }
  }

  private static void dot(
      MemorySegment w,
      long at,
      long rowBytes,
      int rows,
      TileInput x,
      int k,
      TileScratch s,
      int scalesAt,
      long touch) {
    FloatVector x0 = FloatVector.fromArray(F, x.planes, k);
    FloatVector x1 = FloatVector.fromArray(F, x.planes, k + 16);
    FloatVector x2 = FloatVector.fromArray(F, x.planes, k + 32);
    FloatVector x3 = FloatVector.fromArray(F, x.planes, k + 48);
    FloatVector x4 = FloatVector.fromArray(F, x.planes, k + 64);
    FloatVector x5 = FloatVector.fromArray(F, x.planes, k + 80);
    FloatVector x6 = FloatVector.fromArray(F, x.planes, k + 96);
    FloatVector x7 = FloatVector.fromArray(F, x.planes, k + 112);
    FloatVector start = FloatVector.fromArray(F, x.sums, k / 8);
    float[] scales = s.scales;
    float[] sums = s.sums;
    long touched = 0;
    for (int r = 0; r < rows; r++) {
      touched += w.get(LittleEndian.LONG, touch + (long) r * STRIP_BYTES);
      long row = at + r * rowBytes;
      IntVector q =
          ByteVector.fromMemorySegment(BytePlanes.BYTES, w, row, LITTLE_ENDIAN)
              .rearrange(CODES)
              .blend(
                  ByteVector.fromMemorySegment(BytePlanes.BYTES, w, row + LAST_AT, LITTLE_ENDIAN),
                  LAST_CODES)
              .reinterpretAsInts();
      FloatVector dot0 = ((FloatVector) q.and(0x0000_000F).castShape(F, 0)).fma(x0, start);
      FloatVector dot1 = ((FloatVector) q.and(0x0000_00F0).castShape(F, 0)).mul(x1);
      dot0 = ((FloatVector) q.and(0x0000_0F00).castShape(F, 0)).fma(x2, dot0);
      dot1 = ((FloatVector) q.and(0x0000_F000).castShape(F, 0)).fma(x3, dot1);
      dot0 = ((FloatVector) q.and(0x000F_0000).castShape(F, 0)).fma(x4, dot0);
      dot1 = ((FloatVector) q.and(0x00F0_0000).castShape(F, 0)).fma(x5, dot1);
      dot0 = ((FloatVector) q.and(0x0F00_0000).castShape(F, 0)).fma(x6, dot0);
      dot1 = ((FloatVector) q.lanewise(LSHR, 28).castShape(F, 0)).fma(x7, dot1);
      dot0.add(dot1)
          .fma(
              FloatVector.fromArray(F, scales, r * SCALES + scalesAt).rearrange(SCALES_OF_LANES),
              FloatVector.fromArray(F, sums, 16 * r))
          .intoArray(sums, 16 * r);
    }
    s.touched += touched;
  }
}
