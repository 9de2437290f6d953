package dev.chaski.kernels.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The eight 6-bit scales and eight 6-bit minimums that {@code Q4_K} and {@code Q5_K} blocks keep in
 * 12 bytes, one of each for a group of 32 values.
 *
 * <pre>
 * byte 0..3   scale[g] in bits 0..5, bits 4..5 of scale[g + 4] in bits 6..7,       g = 0..3
 *      4..7   min[g]   in bits 0..5, bits 4..5 of min[g + 4]   in bits 6..7
 *      8..11  bits 0..3 of scale[g + 4] (low nibble) and of min[g + 4] (high nibble)
 * </pre>
 */
public final class PackedScales {
  /** Number of scales, and of minimums. */
  public static final int GROUPS = 8;

  /** Bytes that they take together. */
  public static final int BYTES = 12;

  private PackedScales() {}

  /** The scale of a group (0 to 7), 0 to 63, where the 12 bytes start at {@code at}. */
  public static int scale(MemorySegment src, long at, int group) {
    if (group < 4) {
      return LittleEndian.unsignedByte(src, at + group) & 0x3F;
    }
    int low = LittleEndian.unsignedByte(src, at + 4 + group) & 0x0F;
    int high = LittleEndian.unsignedByte(src, at + group - 4) >> 6;
    return low | (high << 4);
  }

  /** The minimum of a group (0 to 7), 0 to 63, where the 12 bytes start at {@code at}. */
  public static int min(MemorySegment src, long at, int group) {
    if (group < 4) {
      return LittleEndian.unsignedByte(src, at + 4 + group) & 0x3F;
    }
    int low = LittleEndian.unsignedByte(src, at + 4 + group) >> 4;
    int high = LittleEndian.unsignedByte(src, at + group) >> 6;
    return low | (high << 4);
  }

  /**
   * Writes the 12 bytes.
   *
   * @param scales 8 numbers of 0 to 63
   * @param mins 8 numbers of 0 to 63
   */
  static void write(MemorySegment dst, long at, int[] scales, int[] mins) {
    for (int g = 0; g < 4; g++) {
      int scale = scales[g] | (scales[g + 4] >> 4 << 6);
      int min = mins[g] | (mins[g + 4] >> 4 << 6);
      int low = (scales[g + 4] & 0x0F) | ((mins[g + 4] & 0x0F) << 4);
      dst.set(ValueLayout.JAVA_BYTE, at + g, (byte) scale);
      dst.set(ValueLayout.JAVA_BYTE, at + 4 + g, (byte) min);
      dst.set(ValueLayout.JAVA_BYTE, at + 8 + g, (byte) low);
    }
  }
}
