package dev.chaski.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KernelsOptions;
import dev.chaski.kernels.RandomBlocks;
import dev.chaski.kernels.Tensor;
import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.Weight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Matrices of several tiles, whose rows depend on the number of threads and on the length of a row;
 * the contract's are of few rows.
 */
class TilesTest {
  private static final long SEED = 20261122;

  /** Roundings of a sum besides one for each column: scales of a block, lanes, the final store. */
  private static final int FEW = 8;

  /** One thread has tiles of 64 rows, or of 32 where rows are long; the last has an odd number. */
  @ParameterizedTest
  @CsvSource({
    "BF16, 333, 512",
    "F16, 333, 512",
    "F8_E4M3, 333, 512",
    "Q4_0, 333, 512",
    "Q4_K, 333, 512",
    "Q5_K, 333, 512",
    "Q6_K, 333, 512",
    "Q8_0, 333, 512",
    "Q8_0, 257, 6144"
  })
  void tilesOfAnyNumberOfThreadsMakeTheProduct(TensorType type, int rows, int columns) {
    RandomBlocks random = new RandomBlocks(SEED);
    try (Arena arena = Arena.ofShared()) {
      MemorySegment data = random.matrix(arena, type, rows, columns);
      float[] x = random.floats(columns, 2);
      float[] expected = product(type, data, rows, x, 1);
      float[] w = new float[columns];
      for (int row = 0; row < rows; row++) {
        type.decoder().decode(data, type.byteSize((long) row * columns), w, 0, columns);
        double sum = 0;
        double magnitude = 0;
        for (int k = 0; k < columns; k++) {
          double term = (double) w[k] * x[k];
          sum += term;
          magnitude += Math.abs(term);
        }
        // n roundings of half a unit each (Higham 2002, 3.1)
        assertThat(Math.abs(expected[row] - sum))
            .as("row %d", row)
            .isLessThanOrEqualTo((columns + FEW) * 0x1p-24 * magnitude);
      }
      for (int threads : new int[] {2, 3, 7}) {
        assertThat(product(type, data, rows, x, threads))
            .as("%d threads", threads)
            .isEqualTo(expected);
      }
    }
  }

  private static float[] product(
      TensorType type, MemorySegment data, int rows, float[] x, int threads) {
    try (Kernels kernels = new VectorProvider().create(new KernelsOptions(threads))) {
      Weight weight = kernels.weight(type, rows, x.length, data);
      Tensor in = kernels.tensor(1, x.length);
      Tensor out = kernels.tensor(1, rows);
      kernels.write(in, 0, x);
      kernels.matmul(out, weight, in);
      float[] product = new float[rows];
      kernels.read(out, 0, product, 0);
      return product;
    }
  }
}
