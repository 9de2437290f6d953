package dev.chaski.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KernelsOptions;
import dev.chaski.kernels.Tensor;
import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.Weight;
import dev.chaski.kernels.quant.LittleEndian;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Products of many rows and tokens, which are cut into panels; the contract's are smaller. */
class VectorGemmTest {
  private static final long SEED = 20261122;

  @ParameterizedTest
  @CsvSource({"401, 552, 100", "401, 552, 65", "401, 552, 64", "950, 40, 33", "13, 300, 70"})
  void panelsOfAnyNumberOfThreadsMakeTheProduct(int rows, int columns, int tokens) {
    Random random = new Random(SEED);
    float[] w = floats(rows * columns, random);
    float[] x = floats(tokens * columns, random);
    float[] expected = product(w, x, rows, columns, tokens, 1);
    for (int i = 0; i < tokens * rows; i++) {
      int token = i / rows;
      int row = i % rows;
      double sum = 0;
      double magnitude = 0;
      for (int k = 0; k < columns; k++) {
        double term = (double) w[row * columns + k] * x[token * columns + k];
        sum += term;
        magnitude += Math.abs(term);
      }
      // n roundings of half a unit each (Higham 2002, 3.1)
      assertThat(Math.abs(expected[i] - sum))
          .as("token %d, row %d", token, row)
          .isLessThanOrEqualTo((columns + 2) * 0x1p-24 * magnitude);
    }
    for (int threads : new int[] {2, 3, 7}) {
      assertThat(product(w, x, rows, columns, tokens, threads))
          .as("%d threads", threads)
          .isEqualTo(expected);
    }
  }

  private static float[] product(
      float[] w, float[] x, int rows, int columns, int tokens, int threads) {
    try (Kernels kernels = new VectorProvider().create(new KernelsOptions(threads));
        Arena arena = Arena.ofShared()) {
      MemorySegment data = arena.allocate(TensorType.F32.byteSize(w.length), Float.BYTES);
      MemorySegment.copy(w, 0, data, LittleEndian.FLOAT, 0, w.length);
      Weight weight = kernels.weight(TensorType.F32, rows, columns, data);
      Tensor in = kernels.tensor(tokens, columns);
      Tensor out = kernels.tensor(tokens, rows);
      for (int t = 0; t < tokens; t++) {
        kernels.write(in, t, Arrays.copyOfRange(x, t * columns, (t + 1) * columns));
      }
      kernels.matmul(out, weight, in);
      float[] product = new float[tokens * rows]; // (tokens, rows)
      for (int t = 0; t < tokens; t++) {
        kernels.read(out, t, product, t * rows);
      }
      return product;
    }
  }

  private static float[] floats(int count, Random random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
