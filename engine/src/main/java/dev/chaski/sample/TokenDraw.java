package dev.chaski.sample;

/**
 * Top-k, top-p, min-p, temperature and the draw.
 *
 * <p>Top-k and min-p come down to a smallest key. Top-p without top-k would need the vocabulary
 * sorted; instead a token is drawn from all and its place checked, which takes one sum: it belongs
 * to the nucleus if the tokens before it weigh less than {@code topP} of the total. If it does not,
 * neither does anything behind it, so the draw is repeated among the tokens before it. The outcome
 * has exactly the distribution of a draw from the nucleus (rejection sampling; as FlashInfer's
 * "Sorting-Free GPU Kernels for LLM Sampling", 2025), mostly at the first attempt.
 *
 * <p>"Before" means: a larger logit or, among equal ones, a lower id.
 */
final class TokenDraw {

  /** A row is thinned out to its candidates when at most one token in this many is left. */
  private static final int SPARSE = 32;

  private final int topK;
  private final float topP;
  private final float minLogRatio; // ln minP, -infinity when off
  private final float scale; // 1 / temperature
  private final SplitMix64 random;

  private final Candidates candidates = new Candidates();
  private int[] probabilities = {}; // at temperature 1, for top-p
  private int[] weights = {}; // at the temperature asked for, 0 when out of the draw
  private long[] chunkSums = {};

  // What is drawn from: the row, or the candidates taken from it.
  private int[] keys;
  private float[] logits;
  private int offset;
  private int size;
  private boolean thinned;

  /** For options that are not greedy. */
  TokenDraw(SamplingOptions options, SplitMix64 random) {
    this.topK = options.topK();
    this.topP = options.topP();
    // StrictMath: the same everywhere, to the last bit.
    this.minLogRatio = (float) StrictMath.log(options.minP());
    this.scale = Math.min(1 / options.temperature(), Float.MAX_VALUE);
    this.random = random;
  }

  /**
   * Draws a token.
   *
   * @param row the keys of {@code rowLogits}, the largest finite
   */
  int draw(LogitKeys row, float[] rowLogits, int rowOffset) {
    useRow(row, rowLogits, rowOffset);
    float max = rowLogits[rowOffset + row.argMax()];
    int floor = Math.max(LogitKeys.keyOf(max + minLogRatio), LogitKeys.LOWEST_POSSIBLE);
    if (topK > 0 && topK < size) {
      candidates.gather(row, logits, offset, row.floorOfLargest(topK));
      candidates.keepLargest(topK);
      useCandidates();
    }
    double nucleus = Double.POSITIVE_INFINITY;
    if (topP < 1) {
      long total = computeProbabilities(max);
      nucleus = (double) topP * total;
      floor = Math.max(floor, LogitKeys.keyOf(max + lowestLogRatio(total)));
    }
    if (!thinned) {
      thinOut(row, floor, nucleus);
    }
    int drawn = drawFromNucleus(max, floor, nucleus);
    return thinned ? candidates.id(drawn) : drawn;
  }

  /** Goes over to candidates if few tokens are left, or the few largest hold the nucleus. */
  private void thinOut(LogitKeys row, int floor, double nucleus) {
    int few = row.chunks() / 2;
    // If even as many of the most likely one would not do, there is no need to look.
    boolean fewMayDo = few > 0 && nucleus <= few * (double) Weights.ONE;
    if (fewMayDo) {
      candidates.gather(row, logits, offset, row.floorOfLargest(few));
    }
    if (!fewMayDo || candidates.sum(probabilities) < nucleus) {
      if (floor == LogitKeys.LOWEST_POSSIBLE || row.countAtLeast(floor) > size / SPARSE) {
        return;
      }
      candidates.gather(row, logits, offset, floor);
    }
    useCandidates();
    if (topP < 1) {
      candidates.pick(probabilities);
    }
  }

  private int drawFromNucleus(float max, int floor, double nucleus) {
    int[] drawWeights;
    long total;
    if (topP < 1 && scale == 1) {
      // The probabilities will do: what is cleared in them lies behind all that is asked later.
      drawWeights = probabilities;
      Weights.clearBelow(floor, keys, drawWeights, size);
      total = Weights.sum(drawWeights, size, chunkSums);
    } else {
      if (weights.length < size) {
        weights = new int[size];
      }
      drawWeights = weights;
      total =
          Weights.compute(logits, offset, keys, size, max, scale, floor, drawWeights, chunkSums);
    }
    int drawn = find(random.nextBelow(total), drawWeights);
    while (topP < 1 && !isInNucleus(drawn, nucleus)) {
      Weights.clearBelow(keys[drawn], keys, drawWeights, size);
      Weights.clearEqual(keys[drawn], keys, drawWeights, drawn, size);
      total = Weights.sum(drawWeights, size, chunkSums);
      drawn = find(random.nextBelow(total), drawWeights);
    }
    return drawn;
  }

  private boolean isInNucleus(int drawn, double nucleus) {
    long before = Weights.sumAbove(keys[drawn], keys, probabilities, size);
    long tiesBefore = Weights.countEqual(keys[drawn], keys, drawn);
    before += tiesBefore * probabilities[drawn];
    return before < nucleus || before == 0; // the first token always
  }

  /** The index where the running sum of the weights first exceeds {@code target}. */
  private int find(long target, int[] drawWeights) {
    int chunk = 0;
    while (target >= chunkSums[chunk]) {
      target -= chunkSums[chunk++];
    }
    int i = chunk * LogitKeys.CHUNK;
    while (target >= drawWeights[i]) {
      target -= drawWeights[i++];
    }
    return i;
  }

  /**
   * A bound on how much less likely than the first a token of the nucleus can be, as a logarithm. A
   * token so unlikely that even {@code size} like it would weigh less than {@code 1 - topP} of the
   * total has too much before it.
   */
  private float lowestLogRatio(long total) {
    double lightest = (1.0 - topP) * total / size;
    // One unit for the rounding to integers, a thousandth for the other errors of a weight.
    return (float) (StrictMath.log(Math.max(lightest - 1, 0.25) / Weights.ONE) - 1e-3);
  }

  private long computeProbabilities(float max) {
    if (probabilities.length < size) {
      probabilities = new int[LogitKeys.paddedSize(size)];
    }
    return Weights.compute(
        logits, offset, keys, size, max, 1, LogitKeys.LOWEST_POSSIBLE, probabilities, chunkSums);
  }

  private void useRow(LogitKeys row, float[] rowLogits, int rowOffset) {
    keys = row.keys();
    logits = rowLogits;
    offset = rowOffset;
    size = row.size();
    thinned = false;
    if (chunkSums.length < row.chunks()) {
      chunkSums = new long[row.chunks()];
    }
  }

  private void useCandidates() {
    keys = candidates.keys();
    logits = candidates.logits();
    offset = 0;
    size = candidates.paddedSize();
    thinned = true;
  }
}
