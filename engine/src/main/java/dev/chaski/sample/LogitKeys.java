package dev.chaski.sample;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A row of logits as ints of the same order, with the largest of each chunk.
 *
 * <p>Comparing, counting and taking maxima over {@code int[]} compiles to SIMD code several times
 * faster than the same over {@code float[]}, whose maximum has to care for NaN and signed zero. The
 * two zeros share one key; NaN lies outside the keys of the infinities, so the extremes of a row
 * tell whether it holds any.
 */
final class LogitKeys {

  /** Logits per chunk: long enough for SIMD loops, short enough that a sparse search skips most. */
  static final int CHUNK = 1024;

  static final int NEGATIVE_INFINITY = keyOf(Float.NEGATIVE_INFINITY);

  /** The lowest key of a token that is not impossible. */
  static final int LOWEST_POSSIBLE = NEGATIVE_INFINITY + 1;

  static final int POSITIVE_INFINITY = keyOf(Float.POSITIVE_INFINITY);

  private static final int HALVINGS_OF_LOGITS = 16;
  private static final float USUAL_LOGITS = 64;

  private int[] keys = {};
  private int[] chunkMaxima = {}; // a multiple of CHUNK long, the unused of the lowest key
  private MemorySegment keySegment = MemorySegment.ofArray(keys);
  private float[] source = {}; // the array last read
  private MemorySegment sourceSegment = MemorySegment.ofArray(source);
  private int size;
  private int max;

  /** The key of a logit: {@code a < b} if and only if {@code keyOf(a) < keyOf(b)}. */
  static int keyOf(float logit) {
    return keyOfBits(Float.floatToRawIntBits(logit));
  }

  private static int keyOfBits(int bits) {
    int sign = bits >> 31;
    // Negative floats grow towards -infinity in magnitude: mirrored at zero.
    return (bits ^ (sign & Integer.MAX_VALUE)) - sign;
  }

  /**
   * Reads a row.
   *
   * @throws UnusableLogitsException if it holds NaN or nothing but -infinity
   */
  void load(float[] logits, int offset, int vocabSize) {
    size = vocabSize;
    if (keys.length < vocabSize) {
      keys = new int[vocabSize];
      keySegment = MemorySegment.ofArray(keys);
      chunkMaxima = new int[paddedSize(chunks(vocabSize))];
    }
    Arrays.fill(chunkMaxima, chunks(), chunkMaxima.length, NEGATIVE_INFINITY);
    copyBits(logits, offset);
    max = Integer.MIN_VALUE;
    int min = Integer.MAX_VALUE;
    for (int chunk = 0; chunk < chunks(); chunk++) {
      min = Math.min(min, convert(chunk));
      max = Math.max(max, chunkMaxima[chunk]);
    }
    if (max > POSITIVE_INFINITY || min < NEGATIVE_INFINITY) {
      throw UnusableLogitsException.notANumber(firstNaN(logits, offset, vocabSize), vocabSize);
    }
    if (max == NEGATIVE_INFINITY) {
      throw UnusableLogitsException.noTokenLeft(vocabSize);
    }
  }

  /** The keys, by token; only the first {@link #size()} count. */
  int[] keys() {
    return keys;
  }

  /** Tokens of the row. */
  int size() {
    return size;
  }

  /** The largest key. */
  int max() {
    return max;
  }

  /** The lowest token with the largest key. */
  int argMax() {
    int chunk = 0;
    while (chunkMaxima[chunk] != max) {
      chunk++;
    }
    int token = chunk * CHUNK;
    while (keys[token] != max) {
      token++;
    }
    return token;
  }

  /**
   * A key that at least {@code k} tokens reach (at most the k-th largest), and not many more; fewer
   * only if all others are impossible.
   *
   * @param k from 1 to {@link #size()}
   */
  int floorOfLargest(int k) {
    // The k-th largest chunk maximum is reached in k chunks: free of charge and nearly exact.
    int floor =
        k <= chunks() / 2
            ? kthLargest(chunkMaxima, chunkMaxima.length, k, 0)
            : kthLargest(keys, size, k, k);
    return Math.max(floor, LOWEST_POSSIBLE);
  }

  /** How many tokens have a key of at least {@code floor}. */
  int countAtLeast(int floor) {
    return countAtLeast(keys, size, floor);
  }

  int chunks() {
    return chunks(size);
  }

  int chunkMax(int chunk) {
    return chunkMaxima[chunk];
  }

  static int chunks(int size) {
    return (size + CHUNK - 1) / CHUNK;
  }

  /**
   * A size rounded up to whole chunks, at least one. Short lists are padded to it because C2
   * unrolls a loop, the condition for SIMD code, only as far as the trip counts seen before it
   * compiles.
   */
  static int paddedSize(int size) {
    return Math.max(chunks(size), 1) * CHUNK;
  }

  /**
   * The k-th largest of {@code keys}, or a smaller value that at most {@code k + slack} of them
   * reach. Bisects by counting: first halves the range of logits, which finds its way among usual
   * logits soonest, then that of keys, which ends within 32 steps for any.
   *
   * @param keys below {@link #POSITIVE_INFINITY}
   */
  static int kthLargest(int[] keys, int size, int k, int slack) {
    int reached = NEGATIVE_INFINITY; // by at least k
    int missed = POSITIVE_INFINITY; // by less than k
    for (int step = 0; missed - (long) reached > 1; step++) {
      int middle =
          step < HALVINGS_OF_LOGITS
              ? middleLogit(reached, missed)
              : (int) (((long) reached + missed) >> 1);
      int count = countAtLeast(keys, size, middle);
      if (count < k) {
        missed = middle;
      } else {
        reached = middle;
        if (count <= k + slack) {
          break;
        }
      }
    }
    return reached;
  }

  /** A key between two that are not neighbours: of the logit in the middle. */
  private static int middleLogit(int low, int high) {
    // Logits beyond this are rare, and the middle of an infinite range would be of no use.
    double lowest = Math.max(logitOf(low), -USUAL_LOGITS);
    double highest = Math.min(logitOf(high), USUAL_LOGITS);
    return Math.clamp(keyOf((float) ((lowest + highest) / 2)), low + 1, high - 1);
  }

  /** The inverse of {@link #keyOf}. */
  private static float logitOf(int key) {
    return Float.intBitsToFloat(key >= 0 ? key : (key - 1) ^ Integer.MAX_VALUE);
  }

  private static int countAtLeast(int[] keys, int size, int floor) {
    int below = 0;
    for (int i = 0; i < size; i++) {
      // Nonzero if and only if keys[i] < floor, also where the difference overflows.
      int gap = Math.min(keys[i], floor) - floor;
      below += (gap | -gap) >>> 31;
    }
    return size - below;
  }

  /** Copies a row into the keys bit by bit: floatToRawIntBits in a loop is not SIMD code. */
  @SuppressWarnings("ReferenceEquality") // the same array, not an equal one
  private void copyBits(float[] logits, int offset) {
    if (source != logits) {
      source = logits;
      sourceSegment = MemorySegment.ofArray(logits);
    }
    long byteOffset = (long) offset * Float.BYTES;
    MemorySegment.copy(sourceSegment, byteOffset, keySegment, 0, (long) size * Float.BYTES);
  }

  /** Turns a chunk of float bits into keys, stores its maximum and returns its minimum. */
  private int convert(int chunk) {
    int to = Math.min((chunk + 1) * CHUNK, size);
    int largest = Integer.MIN_VALUE;
    int smallest = Integer.MAX_VALUE;
    for (int i = chunk * CHUNK; i < to; i++) {
      int key = keyOfBits(keys[i]);
      keys[i] = key;
      largest = Math.max(largest, key);
      smallest = Math.min(smallest, key);
    }
    chunkMaxima[chunk] = largest;
    return smallest;
  }

  private static int firstNaN(float[] logits, int offset, int size) {
    int token = 0;
    while (token < size - 1 && !Float.isNaN(logits[offset + token])) {
      token++;
    }
    return token;
  }
}
