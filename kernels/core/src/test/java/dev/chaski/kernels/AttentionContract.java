package dev.chaski.kernels;

import static dev.chaski.kernels.ErrorBound.TINY;
import static dev.chaski.kernels.ErrorBound.gamma;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.kernels.quant.Q8_0Decoder;
import dev.chaski.kernels.quant.Q8_0Encoder;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The key/value cache and attention over it. */
interface AttentionContract extends ProviderFixture {
  /** Positions stored for each sequence: three blocks of a cache and some. */
  int STORED = 200;

  int SEQUENCES = 3;

  /** A little above e^-87. */
  double SMALLEST_EXP = 1.7e-38;

  int KV_HEADS = 2;

  static Stream<Arguments> shapes() {
    return Stream.of(TensorType.F16, TensorType.F32, TensorType.Q8_0)
        .flatMap(type ->
            Stream.of(8, 32, 64, 80, 128)
                .filter(headDim -> headDim % type.blockSize() == 0)
                .flatMap(
                    headDim -> Stream.of(1, 2, 4, 8).map(g -> Arguments.of(type, headDim, g))));
  }

  @ParameterizedTest
  @MethodSource("dev.chaski.kernels.AttentionContract#shapes")
  default void attentionIsTheSoftmaxOfScoresTimesValues(TensorType type, int headDim, int group) {
    new Case(kernels(), new KvShape(KV_HEADS, headDim, type), group, 2).check();
  }

  /** Softmax weights from 1 down to nothing: exponents far below what a float can hold. */
  @ParameterizedTest
  @EnumSource(
      value = TensorType.class,
      names = {"F16", "F32", "Q8_0"})
  default void attentionStandsLargeScores(TensorType type) {
    new Case(kernels(), new KvShape(KV_HEADS, 64, type), 4, 120).check();
  }

  /** Three sequences, filled; a batch of rows that look at different lengths of them. */
  final class Case {
    /** The sequence of each row of the batch, and how many positions it may see. */
    private static final int[] ROW_SEQUENCE = {0, 1, 2, 0, 1, 2, 2};

    private static final int[] ROW_LENGTH = {1, 2, 63, 64, 65, 200, 199};

    private final Kernels kernels;
    private final KvShape shape;
    private final int numHeads;
    private final float[][] k = new float[SEQUENCES][]; // (STORED, numKvHeads, headDim)
    private final float[][] v = new float[SEQUENCES][]; // (STORED, numKvHeads, headDim)
    private final float[] q; // (rows, numHeads, headDim)

    Case(Kernels kernels, KvShape shape, int group, float qLimit) {
      this.kernels = kernels;
      this.shape = shape;
      this.numHeads = group * shape.numKvHeads();
      RandomBlocks random = new RandomBlocks(SEED);
      for (int s = 0; s < SEQUENCES; s++) {
        k[s] = random.floats(STORED * shape.columns(), 2);
        v[s] = random.floats(STORED * shape.columns(), 3);
      }
      q = random.floats(ROW_LENGTH.length * numHeads * shape.headDim(), qLimit);
    }

    void check() {
      List<KvSlab> slabs = new ArrayList<>();
      for (int s = 0; s < SEQUENCES; s++) {
        slabs.add(kernels.kvSlab(shape));
      }
      try {
        store(slabs);
        int columns = numHeads * shape.headDim();
        Tensor out = kernels.tensor(ROW_LENGTH.length, columns);
        Tensor in = Tensors.of(kernels, ROW_LENGTH.length, columns, q);
        int[] positions = Arrays.stream(ROW_LENGTH).map(length -> length - 1).toArray();
        KvRows rows = new KvRows(slabs, Tensors.ints(kernels, ROW_SEQUENCE));
        kernels.attention(out, in, rows, numHeads, Tensors.ints(kernels, positions));
        compare(Tensors.values(kernels, out));
      } finally {
        slabs.forEach(KvSlab::close);
      }
    }

    /** Chunks of 7 positions, rows of all sequences mixed, room made as it is needed. */
    private void store(List<KvSlab> slabs) {
      int chunk = 7;
      for (int start = 0; start < STORED; start += chunk) {
        int end = Math.min(STORED, start + chunk);
        slabs.forEach(slab -> slab.reserve(end));
        int rows = (end - start) * SEQUENCES;
        int[] sequences = new int[rows];
        int[] positions = new int[rows];
        Tensor keys = kernels.tensor(rows, shape.columns());
        Tensor values = kernels.tensor(rows, shape.columns());
        for (int row = 0; row < rows; row++) {
          sequences[row] = row % SEQUENCES;
          positions[row] = start + row / SEQUENCES;
          kernels.write(keys, row, position(k[sequences[row]], positions[row]));
          kernels.write(values, row, position(v[sequences[row]], positions[row]));
        }
        KvRows kv = new KvRows(slabs, Tensors.ints(kernels, sequences));
        kernels.storeKv(kv, keys, values, Tensors.ints(kernels, positions));
      }
    }

    private float[] position(float[] sequence, int position) {
      int columns = shape.columns();
      return Arrays.copyOfRange(sequence, position * columns, (position + 1) * columns);
    }

    private void compare(float[] actual) {
      ErrorBound error =
          new ErrorBound(
              String.format("attention %s, %d query heads, seed %d", shape, numHeads, SEED));
      int group = numHeads / shape.numKvHeads();
      for (int row = 0; row < ROW_LENGTH.length; row++) {
        for (int head = 0; head < numHeads; head++) {
          int at = (row * numHeads + head) * shape.headDim();
          compareHead(error, row, at, head, head / group, actual);
        }
      }
      error.verify();
    }

    /**
     * A score s = q·k·scale is off by at most δ; exp makes that a factor e^δ in a weight, once
     * above and once below the division; what follows are sums of positive weights times values.
     */
    private void compareHead(
        ErrorBound error, int row, int at, int head, int kvHead, float[] actual) {
      int headDim = shape.headDim();
      int length = ROW_LENGTH[row];
      float[] keys = k[ROW_SEQUENCE[row]];
      float[] values = v[ROW_SEQUENCE[row]];
      double[] weights = new double[length];
      double scale = 1 / Math.sqrt(headDim);
      double max = Double.NEGATIVE_INFINITY;
      double largest = 0; // Σ |q·k| · scale
      for (int p = 0; p < length; p++) {
        double score = 0;
        double magnitude = 0;
        for (int i = 0; i < headDim; i++) {
          double term = q[at + i] * stored(keys, p, kvHead, i);
          score += term;
          magnitude += Math.abs(term);
        }
        weights[p] = score * scale;
        max = Math.max(max, weights[p]);
        largest = Math.max(largest, magnitude * scale);
      }
      double total = 0;
      for (int p = 0; p < length; p++) {
        weights[p] = Math.exp(weights[p] - max);
        total += weights[p];
      }
      // Of the dot product; of scale, difference to the maximum and their product (2 x 3); of the
      // same when the maximum moves.
      double delta = 2 * gamma(headDim + 12) * largest;
      double relative = Math.expm1(2 * delta) + 4 * RowsContract.EXP_ERROR + 2 * gamma(length + 8);
      for (int i = 0; i < headDim; i++) {
        double sum = 0;
        double magnitude = 0;
        double stopped = 0;
        for (int p = 0; p < length; p++) {
          double value = stored(values, p, kvHead, i);
          double term = weights[p] / total * value;
          sum += term;
          magnitude += Math.abs(term);
          // exp may stop at e^-87, about the smallest float that has all its bits.
          stopped += weights[p] < SMALLEST_EXP ? SMALLEST_EXP * Math.abs(value) : 0;
        }
        double bound = relative * magnitude + stopped + length * TINY;
        error.check(row, head * headDim + i, sum, actual[at + i], bound);
      }
    }

    /** What the cache holds: the value as it is, the nearest F16, or what Q8_0 makes of it. */
    private double stored(float[] sequence, int position, int kvHead, int i) {
      int at = position * shape.columns() + kvHead * shape.headDim() + i;
      if (shape.type() == TensorType.Q8_0) {
        int group = at / Q8_0Decoder.BLOCK_SIZE * Q8_0Decoder.BLOCK_SIZE;
        MemorySegment block = MemorySegment.ofArray(new byte[Q8_0Decoder.BLOCK_BYTES]);
        new Q8_0Encoder().encode(sequence, group, block, 0, Q8_0Decoder.BLOCK_SIZE);
        float[] values = new float[Q8_0Decoder.BLOCK_SIZE];
        shape.type().decoder().decode(block, 0, values, 0, Q8_0Decoder.BLOCK_SIZE);
        return values[at - group];
      }
      float value = sequence[at];
      return shape.type() == TensorType.F16
          ? Float.float16ToFloat(Float.floatToFloat16(value))
          : value;
    }
  }

  @Test
  default void onePositionGivesItsValueBack() {
    KvShape shape = new KvShape(1, 8, TensorType.F32);
    float[] value = new RandomBlocks(SEED).floats(8, 5);
    try (KvSlab slab = kernels().kvSlab(shape)) {
      slab.reserve(1);
      KvRows kv = new KvRows(List.of(slab), Tensors.ints(kernels(), 0));
      IntTensor first = Tensors.ints(kernels(), 0);
      Tensor x = Tensors.of(kernels(), 1, 8, value);
      kernels().storeKv(kv, x, x, first);
      Tensor out = kernels().tensor(1, 8);
      kernels().attention(out, x, kv, 1, first);
      assertThat(Tensors.values(kernels(), out)).isEqualTo(value);
    }
  }

  @Test
  default void aLaterPositionDoesNotReachAnEarlierRow() {
    KvShape shape = new KvShape(2, 32, TensorType.F16);
    RandomBlocks random = new RandomBlocks(SEED);
    try (KvSlab slab = kernels().kvSlab(shape)) {
      slab.reserve(3);
      IntTensor rowsOfOne = Tensors.ints(kernels(), 0, 0, 0);
      KvRows kv = new KvRows(List.of(slab), rowsOfOne);
      IntTensor positions = Tensors.ints(kernels(), 0, 1, 2);
      Tensor q = Tensors.of(kernels(), 3, 128, random.floats(3 * 128, 1));
      float[] keys = random.floats(3 * 64, 1);
      Tensor k = Tensors.of(kernels(), 3, 64, keys);
      kernels().storeKv(kv, k, k, positions);
      Tensor before = kernels().tensor(3, 128);
      kernels().attention(before, q, kv, 4, positions);

      Arrays.fill(keys, 128, 192, 1000f); // position 2
      Tensor changed = Tensors.of(kernels(), 3, 64, keys);
      kernels().storeKv(kv, changed, changed, positions);
      Tensor after = kernels().tensor(3, 128);
      kernels().attention(after, q, kv, 4, positions);
      float[] old = Tensors.values(kernels(), before);
      float[] now = Tensors.values(kernels(), after);
      assertThat(Arrays.copyOf(now, 2 * 128)).isEqualTo(Arrays.copyOf(old, 2 * 128));
      assertThat(Arrays.copyOfRange(now, 256, 384)).isNotEqualTo(Arrays.copyOfRange(old, 256, 384));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = TensorType.class,
      names = {"F16", "F32", "Q8_0"})
  default void aCacheTakesMemoryAsItGrows(TensorType type) {
    KvShape shape = new KvShape(2, 64, type);
    try (KvSlab slab = kernels().kvSlab(shape)) {
      assertThat(slab.shape()).isEqualTo(shape);
      assertThat(slab.byteSize()).isZero();
      for (int length : new int[] {1, 64, 65, 1000}) {
        slab.reserve(length);
        assertThat(slab.byteSize())
            .isBetween(length * shape.bytesPerPosition(), (length + 64) * shape.bytesPerPosition());
      }
      long grown = slab.byteSize();
      slab.reserve(3);
      assertThat(slab.byteSize()).isEqualTo(grown);
    }
  }
}
