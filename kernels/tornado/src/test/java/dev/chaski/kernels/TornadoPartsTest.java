package dev.chaski.kernels;

import static dev.chaski.kernels.ErrorBound.TINY;
import static dev.chaski.kernels.ErrorBound.gamma;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.kernels.tornado.TornadoDeviceHere;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Weights that lie in several arrays, as those above 1 GiB do; here arrays are small. Parts end
 * within a tile of rows and within a band of scales.
 */
class TornadoPartsTest {
  private static final int ROWS = 205;
  private static final int COLUMNS = 256;
  private static final int ROWS_OF_PART = 73;
  private static final long PARTS = 3;

  /** One token and a few, which are vectors; more than a tile of them. */
  private static final int[] BATCHES = {1, 3, 37};

  private static final int BAND = 50;

  @BeforeAll
  static void needsADevice() {
    TornadoDeviceHere.assume();
  }

  /** The last is stored as floats. */
  @ParameterizedTest
  @EnumSource(
      value = TensorType.class,
      names = {"F32", "F16", "Q8_0", "Q4_K", "F8_E4M3", "Q5_K"})
  void productsAndRowsAreThoseOfTheWholeWeight(TensorType type) {
    RandomBlocks random = new RandomBlocks(ProviderFixture.SEED);
    Optional<WeightScale> scale =
        Optional.of(type)
            .filter(TensorType.F8_E4M3::equals)
            .map(_ ->
                WeightScale.perBlock(
                    random.floats(2 * Math.ceilDiv(ROWS, BAND), 2), BAND, COLUMNS / 2, COLUMNS));
    TensorType stored = type == TensorType.Q5_K ? TensorType.F32 : type;
    // Half a row more than the part has room for.
    long bytes = stored.byteSize(2L * ROWS_OF_PART * COLUMNS + COLUMNS) / 2;
    try (Kernels kernels = TornadoDeviceHere.withArraysOf((int) bytes);
        Arena arena = Arena.ofShared()) {
      MemorySegment data = random.matrix(arena, type, ROWS, COLUMNS);
      float[] w = Tensors.decode(type, data, ROWS * COLUMNS);
      for (int row = 0; row < ROWS; row++) {
        if (scale.isPresent()) {
          scale.get().apply(row, 0, w, row * COLUMNS, COLUMNS);
        }
      }
      Weight weight = kernels.weight(type, ROWS, COLUMNS, data, scale);
      for (int batch : BATCHES) {
        checkProduct(kernels, weight, w, batch, random);
      }
      checkRows(kernels, weight, w);
    }
  }

  private static void checkProduct(
      Kernels kernels, Weight weight, float[] w, int batch, RandomBlocks random) {
    float[] x = random.floats(batch * COLUMNS, 2);
    float[] before = random.floats(batch * ROWS, 100);
    Tensor in = Tensors.of(kernels, batch, COLUMNS, x);
    Tensor out = kernels.tensor(batch, ROWS);
    Tensor sum = Tensors.of(kernels, batch, ROWS, before);
    kernels.matmul(out, weight, in);
    kernels.await(); // the weight is on the device
    long launches = TornadoDeviceHere.launches(kernels);
    kernels.matmulAdd(sum, weight, in);
    kernels.await();
    // One for each, and one that brings their numbers when it is not the first time.
    assertThat(TornadoDeviceHere.launches(kernels) - launches).isBetween(PARTS, PARTS + 1L);

    float[] products = Tensors.values(kernels, out);
    float[] sums = Tensors.values(kernels, sum);
    String name = weight.type() + " in parts, " + batch + " tokens";
    ErrorBound error = new ErrorBound("matmul " + name);
    ErrorBound addError = new ErrorBound("matmulAdd " + name);
    int largest = 0; // of the first token's products
    for (int i = 0; i < products.length; i++) {
      int row = i % ROWS;
      int token = i / ROWS;
      double expected = 0;
      double magnitude = 0;
      for (int k = 0; k < COLUMNS; k++) {
        double term = (double) w[row * COLUMNS + k] * x[token * COLUMNS + k];
        expected += term;
        magnitude += Math.abs(term);
      }
      // A rounding for each product, sum and scaled value.
      int roundings = 2 * COLUMNS + MatmulContract.FEW;
      double bound = gamma(roundings) * magnitude + roundings * TINY;
      error.check(token, row, expected, products[i], bound);
      addError.check(
          token,
          row,
          expected + before[i],
          sums[i],
          bound + gamma(roundings) * Math.abs(before[i]));
      largest = token == 0 && products[i] > products[largest] ? i : largest;
    }
    error.verify();
    addError.verify();
    assertThat(kernels.argmax(out, 0)).isEqualTo(largest);
  }

  private static void checkRows(Kernels kernels, Weight weight, float[] w) {
    int[] ids = {
      ROWS - 1, 0, ROWS_OF_PART - 1, ROWS_OF_PART, 2 * ROWS_OF_PART - 1, 2 * ROWS_OF_PART, 100
    };
    Tensor rows = kernels.tensor(ids.length, COLUMNS);
    kernels.embed(rows, weight, Tensors.ints(kernels, ids));
    float[] looked = Tensors.values(kernels, rows);
    ErrorBound error = new ErrorBound("rows of " + weight.type() + " in parts");
    for (int i = 0; i < looked.length; i++) {
      int column = i % COLUMNS;
      error.check(i / COLUMNS, column, w[ids[i / COLUMNS] * COLUMNS + column], looked[i], 0);
    }
    error.verify();
  }
}
