package dev.chaski.tokenizer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Keys and hashes of short runs of bytes, eight bytes at a time. */
final class ByteStrings {
  /** The longest run that fits a key together with its length. */
  static final int MAX_KEY_LENGTH = 7;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L; // 2^64 / golden ratio

  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

  private ByteStrings() {}

  /**
   * A number that names {@code bytes[from, to)} and no other run of 1 to 7 bytes; never zero.
   *
   * <p>The bytes are the low seven of the key, the length is the highest.
   */
  static long key(byte[] bytes, int from, int to) {
    int length = to - from;
    long word;
    if (from + Long.BYTES <= bytes.length) {
      word = (long) LONG.get(bytes, from) & (-1L >>> (Long.SIZE - 8 * length));
    } else {
      word = 0;
      for (int i = to - 1; i >= from; i--) {
        word = word << 8 | (bytes[i] & 0xFF);
      }
    }
    return word | (long) length << 56;
  }

  /** A hash of {@code bytes[from, to)}, at least 8 bytes, in which all 64 bits are good. */
  static long hash(byte[] bytes, int from, int to) {
    int length = to - from;
    long h = length;
    int last = to - Long.BYTES;
    for (int i = from; i < last; i += Long.BYTES) {
      h = mix(h ^ (long) LONG.get(bytes, i));
    }
    return mix(h ^ (long) LONG.get(bytes, last));
  }

  /**
   * The place of a key in a table of {@code 2^(64 - shift)} slots. One multiplication spreads real
   * pairs and words as evenly as a better hash does.
   */
  static int slot(long key, int shift) {
    return (int) ((key * MULTIPLIER) >>> shift);
  }

  /**
   * How many of the eight bytes from {@code at} on are ASCII letters, up to the first that is none.
   *
   * @param at at most {@code bytes.length - 8}
   */
  static int numLetters(byte[] bytes, int at) {
    long word = (long) LONG.get(bytes, at);
    long lower = (word | 0x20 * ONES) & ~HIGH_BITS;
    // The highest bit of each byte says: at least 'a'; more than 'z'. Carries do not cross bytes.
    long fromA = lower + (0x80 - 'a') * ONES;
    long beyondZ = lower + (0x80 - 'z' - 1) * ONES;
    long others = ~(fromA & ~beyondZ & ~word) & HIGH_BITS;
    return Long.numberOfTrailingZeros(others) >>> 3;
  }

  /** How many of some bytes have a value. */
  static int count(byte[] bytes, byte value) {
    int count = 0;
    int i = 0;
    for (; i + Long.BYTES <= bytes.length; i += Long.BYTES) {
      long difference = (long) LONG.get(bytes, i) ^ (value & 0xFF) * ONES;
      // The highest bit of each byte says: not zero.
      long notZero = ((difference & ~HIGH_BITS) + ~HIGH_BITS) | difference;
      count += Long.bitCount(~notZero & HIGH_BITS);
    }
    for (; i < bytes.length; i++) {
      count += bytes[i] == value ? 1 : 0;
    }
    return count;
  }

  /** Spreads every bit of a number over all bits of the result. */
  static long mix(long x) {
    long h = x * MULTIPLIER;
    h ^= h >>> 32;
    h *= MULTIPLIER;
    return h ^ h >>> 29;
  }
}
