package dev.chaski.kernels.tornado.program;

import dev.chaski.kernels.arithmetic.BitFloats;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/**
 * Stored weights on the device, read value by value; 32 neighbours are a chunk. The layouts are
 * those of the decoders in {@code dev.chaski.kernels.quant}, which draw them.
 *
 * <p>A weight lies in one of three arrays, whichever has elements of the size that its type reads:
 * floats, shorts or bytes; {@code row} is the first element of the row.
 */
public final class Chunks {
  /** Values of a chunk. */
  public static final int SIZE = 32;

  // Which of the types below a kernel is compiled for: a constant of the compiled kernel.
  public static final int F32 = 0;
  public static final int F16 = 1;
  public static final int BF16 = 2;
  public static final int Q8_0 = 3;
  public static final int Q4_0 = 4;
  public static final int Q4_K = 5;
  public static final int Q6_K = 6;
  public static final int F8_E4M3 = 7;

  private Chunks() {}

  /** Value {@code i} of chunk {@code chunk} of a row. */
  static float value(
      int type,
      ByteArray bytes,
      ShortArray shorts,
      FloatArray floats,
      FloatArray powers,
      int row,
      int chunk,
      int i) {
    if (type == F32) {
      return floats.get(row + chunk * SIZE + i);
    }
    if (type == F16) {
      return BitFloats.half(shorts.get(row + chunk * SIZE + i));
    }
    if (type == BF16) {
      int bits = shorts.get(row + chunk * SIZE + i);
      return BitFloats.bfloat16(bits, powers.get((bits >> 7) & 255));
    }
    if (type == Q8_0) {
      int at = row + chunk * 34;
      return halfAt(bytes, at) * bytes.get(at + 2 + i);
    }
    if (type == Q4_0) {
      int at = row + chunk * 18;
      int code = (bytes.get(at + 2 + (i & 15)) >> (4 * (i >> 4))) & 15;
      return halfAt(bytes, at) * (code - 8);
    }
    if (type == Q4_K) {
      int at = row + (chunk >> 3) * 144;
      int group = chunk & 7;
      int code = (bytes.get(at + 16 + 32 * (group >> 1) + i) >> (4 * (group & 1))) & 15;
      float scale = halfAt(bytes, at) * scaleQ4K(bytes, at + 4, group);
      return scale * code - halfAt(bytes, at + 2) * minQ4K(bytes, at + 4, group);
    }
    if (type == Q6_K) {
      int at = row + (chunk >> 3) * 210;
      int group = chunk & 7;
      float scale = halfAt(bytes, at + 208) * bytes.get(at + 192 + 2 * group + (i >> 4));
      return scale * codeQ6K(bytes, at, group, i);
    }
    return BitFloats.e4m3(bytes.get(row + chunk * SIZE + i));
  }

  /** Code {@code i} of the 32 of chunk {@code group} of a block of 256, -32 to 31. */
  private static int codeQ6K(ByteArray w, int at, int group, int i) {
    int half = group >> 2;
    int low = w.get(at + 64 * half + 32 * (group & 1) + i) >> (2 * (group & 2));
    int high = w.get(at + 128 + 32 * half + i) >> (2 * (group & 3));
    return ((low & 15) | ((high & 3) << 4)) - 32;
  }

  private static int scaleQ4K(ByteArray w, int at, int group) {
    int first = w.get(at + group);
    int low = w.get(at + 4 + (group | 4)) & 15;
    int high = (w.get(at + (group & 3)) >> 6) & 3;
    return group < 4 ? first & 63 : low | (high << 4);
  }

  private static int minQ4K(ByteArray w, int at, int group) {
    int first = w.get(at + 4 + (group & 3));
    int low = (w.get(at + 4 + (group | 4)) >> 4) & 15;
    return group < 4 ? first & 63 : low | (((first >> 6) & 3) << 4);
  }

  /** The scale at a byte, which is finite. */
  static float halfAt(ByteArray w, int at) {
    return BitFloats.finiteHalf((w.get(at) & 255) | ((w.get(at + 1) & 255) << 8));
  }
}
