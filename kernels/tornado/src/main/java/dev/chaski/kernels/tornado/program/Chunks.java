package dev.chaski.kernels.tornado.program;

import dev.chaski.kernels.arithmetic.BitFloats;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/**
 * Stored weights on the device; 16 neighbours are a chunk, which has one scale in every format. The
 * layouts are those of the decoders in {@code dev.chaski.kernels.quant}, which draw them.
 *
 * <p>A weight lies in one of three arrays, whichever has elements of the size that its type reads:
 * floats, shorts or bytes; {@code row} is the first element of the row. Blocks of quantised formats
 * begin at even bytes, so they are read as shorts, each of which holds two bytes' worth of codes;
 * nothing larger is aligned in all of them.
 */
public final class Chunks {
  /** Values of a chunk. */
  public static final int SIZE = 16;

  // Which of the types below a kernel is compiled for: a constant of the compiled kernel.
  public static final int F32 = 0;
  public static final int F16 = 1;
  public static final int BF16 = 2;
  public static final int Q8_0 = 3;
  public static final int Q4_0 = 4;
  public static final int Q4_K = 5;
  public static final int Q6_K = 6;
  public static final int F8_E4M3 = 7;

  // Shorts of a block, and chunks.
  private static final int Q8_0_BLOCK = 17;
  private static final int Q4_0_BLOCK = 9;
  private static final int Q4_K_BLOCK = 72;
  private static final int Q6_K_BLOCK = 105;

  private Chunks() {}

  /** What the codes of a chunk are multiplied by. */
  static float scale(int type, ShortArray shorts, int row, int chunk) {
    if (type == Q8_0) {
      return halfAt(shorts, row + (chunk >> 1) * Q8_0_BLOCK);
    }
    if (type == Q4_0) {
      return halfAt(shorts, row + (chunk >> 1) * Q4_0_BLOCK);
    }
    if (type == Q4_K) {
      int at = row + (chunk >> 4) * Q4_K_BLOCK;
      return halfAt(shorts, at) * scaleQ4K(shorts, at + 2, (chunk >> 1) & 7);
    }
    if (type == Q6_K) {
      int at = row + (chunk >> 4) * Q6_K_BLOCK;
      return halfAt(shorts, at + 104) * (byte) byteAt(shorts, at + 96, chunk & 15);
    }
    return 1f;
  }

  /** What is taken away from a code times its scale. */
  static float offset(int type, ShortArray shorts, int row, int chunk) {
    if (type == Q4_K) {
      int at = row + (chunk >> 4) * Q4_K_BLOCK;
      return halfAt(shorts, at + 1) * minQ4K(shorts, at + 2, (chunk >> 1) & 7);
    }
    return 0f;
  }

  /**
   * A value of a chunk: its code, not yet multiplied by {@link #scale}; but of a format that has
   * offsets the value itself.
   *
   * @param pair which two of the chunk
   * @param second 0 or 1: which of the two
   */
  static float code(
      int type,
      ByteArray bytes,
      ShortArray shorts,
      FloatArray floats,
      FloatArray tables,
      int row,
      int chunk,
      int pair,
      int second,
      float scale,
      float offset) {
    if (type == F32) {
      return floats.get(row + chunk * SIZE + 2 * pair + second);
    }
    if (type == F16) {
      return half(shorts.get(row + chunk * SIZE + 2 * pair + second), tables);
    }
    if (type == BF16) {
      int bits = shorts.get(row + chunk * SIZE + 2 * pair + second);
      return BitFloats.bfloat16(bits, tables.get((bits >> 7) & 255));
    }
    if (type == F8_E4M3) {
      return BitFloats.e4m3(bytes.get(row + chunk * SIZE + 2 * pair + second));
    }
    int half = 8 * (chunk & 1); // of a group of 32
    if (type == Q8_0) {
      int two = shorts.get(row + (chunk >> 1) * Q8_0_BLOCK + 1 + half + pair);
      return (two << (24 - 8 * second)) >> 24;
    }
    if (type == Q4_0) {
      int two = shorts.get(row + (chunk >> 1) * Q4_0_BLOCK + 1 + pair);
      return ((two >> (8 * second + 4 * (chunk & 1))) & 15) - 8;
    }
    int group = (chunk >> 1) & 7;
    if (type == Q4_K) {
      int at = row + (chunk >> 4) * Q4_K_BLOCK;
      int two = shorts.get(at + 8 + 16 * (group >> 1) + half + pair);
      return scale * ((two >> (8 * second + 4 * (group & 1))) & 15) - offset;
    }
    int at = row + (chunk >> 4) * Q6_K_BLOCK + 32 * (group >> 2);
    int low = shorts.get(at + 16 * (group & 1) + half + pair) >> (8 * second + 2 * (group & 2));
    int high =
        shorts.get(at + 64 - 16 * (group >> 2) + half + pair) >> (8 * second + 2 * (group & 3));
    return ((low & 15) | ((high & 3) << 4)) - 32;
  }

  /** What {@link #code} is multiplied by to be the value. */
  static float factor(int type, float scale) {
    return type == Q4_K ? 1f : scale;
  }

  private static int scaleQ4K(ShortArray w, int at, int group) {
    int first = byteAt(w, at, group);
    int low = byteAt(w, at + 2, group | 4) & 15;
    int high = (byteAt(w, at, group & 3) >> 6) & 3;
    return group < 4 ? first & 63 : low | (high << 4);
  }

  private static int minQ4K(ShortArray w, int at, int group) {
    int first = byteAt(w, at + 2, group & 3);
    int low = (byteAt(w, at + 2, group | 4) >> 4) & 15;
    return group < 4 ? first & 63 : low | (((first >> 6) & 3) << 4);
  }

  /** A byte of those that begin at a short, 0 to 255. */
  private static int byteAt(ShortArray w, int at, int index) {
    return (w.get(at + (index >> 1)) >> (8 * (index & 1))) & 255;
  }

  /** The value of an IEEE half; see {@link BitFloats#tables}. */
  static float half(int bits, FloatArray tables) {
    int at = BitFloats.HALF_BASES + ((bits >> 10) & 63);
    return BitFloats.half(bits, tables.get(at), tables.get(at + BitFloats.HALF_ROWS));
  }

  /** The scale at a short, which is finite. */
  private static float halfAt(ShortArray w, int at) {
    return BitFloats.finiteHalf(w.get(at));
  }

  /** The scale at a byte, which is finite. */
  static float halfAt(ByteArray w, int at) {
    return BitFloats.finiteHalf((w.get(at) & 255) | ((w.get(at + 1) & 255) << 8));
  }
}
