package dev.chaski.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.kernels.IntTensor;
import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KernelsOptions;
import dev.chaski.kernels.KvRows;
import dev.chaski.kernels.KvShape;
import dev.chaski.kernels.KvSlab;
import dev.chaski.kernels.Tensor;
import dev.chaski.kernels.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VectorAttentionTest {
  private static final long SEED = 20261122;
  private static final int KV_HEADS = 2;
  private static final int POSITIONS = 150;
  private static final int FIRST = 50; // rows before are computed by ShortAttention

  /** Rows of a prompt are computed together, and a token of an answer alone. */
  @ParameterizedTest
  @CsvSource({
    "F16, 64, 4",
    "F16, 128, 3",
    "F16, 64, 8",
    "F16, 80, 1",
    "F16, 20, 5",
    "F32, 64, 4",
    "Q8_0, 96, 4"
  })
  void rowsGetTheSameBitsTogetherAndAlone(TensorType type, int headDim, int group) {
    Random random = new Random(SEED);
    int columns = KV_HEADS * group * headDim;
    try (Kernels kernels = new VectorProvider().create(new KernelsOptions(1));
        KvSlab slab = kernels.kvSlab(new KvShape(KV_HEADS, headDim, type))) {
      slab.reserve(POSITIONS);
      int[] positions = IntStream.range(0, POSITIONS).toArray();
      Tensor k = tensor(kernels, POSITIONS, KV_HEADS * headDim, random);
      Tensor v = tensor(kernels, POSITIONS, KV_HEADS * headDim, random);
      kernels.storeKv(rows(kernels, slab, POSITIONS), k, v, ints(kernels, positions));
      // What rows cannot see must not reach them, whatever it is.
      int[] last = {POSITIONS - 1};
      Tensor nan = kernels.tensor(1, KV_HEADS * headDim);
      float[] values = new float[KV_HEADS * headDim];
      Arrays.fill(values, type == TensorType.Q8_0 ? 1e6f : Float.NaN);
      kernels.write(nan, 0, values);
      kernels.storeKv(rows(kernels, slab, 1), nan, nan, ints(kernels, last));

      int count = POSITIONS - FIRST;
      Tensor q = tensor(kernels, count, columns, random);
      Tensor together = kernels.tensor(count, columns);
      int[] seen = IntStream.range(FIRST, POSITIONS).toArray();
      kernels.attention(
          together, q, rows(kernels, slab, count), KV_HEADS * group, ints(kernels, seen));

      Tensor one = kernels.tensor(1, columns);
      Tensor alone = kernels.tensor(1, columns);
      float[] expected = new float[columns];
      float[] actual = new float[columns];
      for (int row = 0; row < count; row++) {
        kernels.read(q, row, expected, 0);
        kernels.write(one, 0, expected);
        kernels.attention(
            alone,
            one,
            rows(kernels, slab, 1),
            KV_HEADS * group,
            ints(kernels, new int[] {seen[row]}));
        kernels.read(alone, 0, expected, 0);
        kernels.read(together, row, actual, 0);
        assertThat(actual).as("position %d, seed %d", seen[row], SEED).isEqualTo(expected);
        if (row + 1 < count) {
          assertThat(actual).doesNotContain(Float.NaN);
        }
      }
    }
  }

  private static Tensor tensor(Kernels kernels, int rows, int columns, Random random) {
    Tensor tensor = kernels.tensor(rows, columns);
    float[] values = new float[columns];
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < columns; i++) {
        values[i] = 2 * (float) random.nextGaussian();
      }
      kernels.write(tensor, row, values);
    }
    return tensor;
  }

  private static KvRows rows(Kernels kernels, KvSlab slab, int count) {
    return new KvRows(List.of(slab), ints(kernels, new int[count]));
  }

  private static IntTensor ints(Kernels kernels, int[] values) {
    IntTensor ints = kernels.ints();
    ints.set(values, values.length);
    return ints;
  }
}
