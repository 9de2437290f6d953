package dev.chaski.kernels;

import static dev.chaski.kernels.ErrorBound.TINY;
import static dev.chaski.kernels.ErrorBound.gamma;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.chaski.kernels.tornado.TornadoDeviceHere;
import dev.chaski.kernels.tornado.TornadoProvider;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A weight of 2.2 GB. It takes three times that, and two minutes: only where it is asked for. */
class TornadoLargeWeightTest {
  private static final String ASKED_FOR = "chaski.test.large";
  private static final int ROWS = 524_288;
  private static final int COLUMNS = 2080;

  /** A vector, and a batch in tiles. */
  private static final int[] BATCHES = {1, 5};

  @BeforeAll
  static void needsADeviceAndMemory() {
    assumeTrue(
        Boolean.getBoolean(ASKED_FOR), "skipped: takes 7 GB of memory; -D" + ASKED_FOR + "=true");
    TornadoDeviceHere.assume();
  }

  @Test
  void productsAndRowsAreRightWhereverTheyLie() {
    RandomBlocks random = new RandomBlocks(ProviderFixture.SEED);
    try (Kernels kernels = new TornadoProvider().create(new KernelsOptions(1));
        Arena arena = Arena.ofShared()) {
      MemorySegment data = halves(arena);
      assertThat(data.byteSize()).isGreaterThan(Integer.MAX_VALUE);
      Weight weight = kernels.weight(TensorType.F16, ROWS, COLUMNS, data);
      for (int batch : BATCHES) {
        float[] x = random.floats(batch * COLUMNS, 2);
        Tensor out = kernels.tensor(batch, ROWS);
        kernels.matmul(out, weight, Tensors.of(kernels, batch, COLUMNS, x));
        check(data, x, batch, Tensors.values(kernels, out));
      }
      int[] ids = {ROWS - 1, 0, 258_110, 258_111, 516_221, 516_222, 400_000};
      Tensor rows = kernels.tensor(ids.length, COLUMNS);
      kernels.embed(rows, weight, Tensors.ints(kernels, ids));
      float[] looked = Tensors.values(kernels, rows);
      for (int i = 0; i < ids.length; i++) {
        assertThat(Arrays.copyOfRange(looked, i * COLUMNS, (i + 1) * COLUMNS))
            .as("row %d", ids[i])
            .isEqualTo(row(data, ids[i]));
      }
    }
  }

  /** Numbers from 2^-8 to 2^8 of both signs. */
  private static MemorySegment halves(Arena arena) {
    long count = (long) ROWS * COLUMNS;
    MemorySegment data = arena.allocate(2 * count, 64);
    SplittableRandom random = new SplittableRandom(ProviderFixture.SEED);
    for (long i = 0; i < count; i += 4) {
      long bits = random.nextLong();
      for (int k = 0; k < 4; k++) {
        int mantissaAndSign = (int) (bits >> (16 * k)) & 0x83ff;
        int exponent = 7 + ((int) (bits >> (16 * k + 10)) & 15);
        data.setAtIndex(
            ValueLayout.JAVA_SHORT_UNALIGNED, i + k, (short) (mantissaAndSign | (exponent << 10)));
      }
    }
    return data;
  }

  private static float[] row(MemorySegment data, int row) {
    float[] values = new float[COLUMNS];
    TensorType.F16.decoder().decode(data, 2L * row * COLUMNS, values, 0, COLUMNS);
    return values;
  }

  private static void check(MemorySegment data, float[] x, int batch, float[] actual) {
    ErrorBound error = new ErrorBound("F16 " + ROWS + " x " + COLUMNS + ", " + batch + " tokens");
    for (int row = 0; row < ROWS; row++) {
      float[] w = row(data, row);
      for (int token = 0; token < batch; token++) {
        double sum = 0;
        double magnitude = 0;
        for (int k = 0; k < COLUMNS; k++) {
          double term = (double) w[k] * x[token * COLUMNS + k];
          sum += term;
          magnitude += Math.abs(term);
        }
        int roundings = COLUMNS + MatmulContract.FEW;
        double bound = gamma(roundings) * magnitude + roundings * TINY;
        error.check(token, row, sum, actual[token * ROWS + row], bound);
      }
    }
    error.verify();
  }
}
