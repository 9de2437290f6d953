package dev.chaski.kernels;

import static dev.chaski.kernels.ErrorBound.TINY;
import static dev.chaski.kernels.ErrorBound.gamma;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Weights whose scales are tensors of their own, as in FP8 checkpoints. */
interface ScaledWeightContract extends ProviderFixture {
  /** More rows than one task takes, and no whole band of 128. */
  int ROWS = 700;

  /** Whole strips of {@code TileFormat}. */
  int COLUMNS = 384;

  static Stream<Arguments> scales() {
    RandomBlocks random = new RandomBlocks(SEED);
    float[] scales = random.floats(ROWS * COLUMNS, 2);
    return Stream.of(TensorType.F8_E4M3, TensorType.Q8_0)
        .flatMap(type ->
            Stream.of(
                Arguments.of(type, "per tensor", WeightScale.perTensor(-0.37f)),
                Arguments.of(type, "per row", WeightScale.perRow(first(scales, ROWS))),
                Arguments.of(type, "per 128 x 128", perBlock(scales, 128, 128)),
                Arguments.of(type, "per 1 x 32", perBlock(scales, 1, 32)),
                Arguments.of(type, "per 100 x 320", perBlock(scales, 100, 320))));
  }

  private static WeightScale perBlock(float[] scales, int rows, int columns) {
    int count = Math.ceilDiv(ROWS, rows) * Math.ceilDiv(COLUMNS, columns);
    return WeightScale.perBlock(first(scales, count), rows, columns, COLUMNS);
  }

  private static float[] first(float[] values, int n) {
    return Arrays.copyOf(values, n);
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("dev.chaski.kernels.ScaledWeightContract#scales")
  default void productsAndRowsAreScaled(TensorType type, String how, WeightScale scale) {
    RandomBlocks random = new RandomBlocks(SEED);
    MemorySegment data = random.matrix(arena(), type, ROWS, COLUMNS);
    float[] w = Tensors.decode(type, data, ROWS * COLUMNS);
    double[] scaled = new double[w.length];
    for (int i = 0; i < w.length; i++) {
      int row = i / COLUMNS;
      int block = i % COLUMNS / Math.min(COLUMNS, scale.blockColumns());
      scaled[i] = (double) w[i] * scale.at(row, block);
    }
    Weight weight = kernels().weight(type, ROWS, COLUMNS, data, Optional.of(scale));
    String name = String.format("%s scaled %s, seed %d", type, how, SEED);
    for (int batch : new int[] {1, 3}) {
      float[] x = random.floats(batch * COLUMNS, 2);
      float[] before = random.floats(batch * ROWS, 50);
      Tensor in = Tensors.of(kernels(), batch, COLUMNS, x);
      Tensor out = Tensors.of(kernels(), batch, ROWS, before);
      kernels().matmulAdd(out, weight, in);
      compare("matmulAdd " + name, scaled, x, before, Tensors.values(kernels(), out));
      kernels().matmul(out, weight, in);
      float[] zeros = new float[batch * ROWS];
      compare("matmul " + name, scaled, x, zeros, Tensors.values(kernels(), out));
    }
    int[] ids = {ROWS - 1, 0, 127, 128};
    Tensor rows = kernels().tensor(ids.length, COLUMNS);
    kernels().embed(rows, weight, Tensors.ints(kernels(), ids));
    float[] embedded = Tensors.values(kernels(), rows);
    ErrorBound error = new ErrorBound("embed " + name);
    for (int i = 0; i < embedded.length; i++) {
      int row = i / COLUMNS;
      int column = i % COLUMNS;
      error.check(row, column, (float) scaled[ids[row] * COLUMNS + column], embedded[i], 0);
    }
    error.verify();
  }

  private static void compare(
      String name, double[] scaled, float[] x, float[] before, float[] actual) {
    ErrorBound error = new ErrorBound(name);
    // One rounding for each column, scaled value and block; the sum that was there.
    int roundings = 2 * COLUMNS + MatmulContract.FEW;
    for (int i = 0; i < actual.length; i++) {
      int output = i % ROWS;
      int token = i / ROWS;
      double sum = before[i];
      double magnitude = Math.abs(before[i]);
      for (int k = 0; k < COLUMNS; k++) {
        double term = scaled[output * COLUMNS + k] * x[token * COLUMNS + k];
        sum += term;
        magnitude += Math.abs(term);
      }
      double bound = gamma(roundings) * magnitude + roundings * TINY;
      error.check(token, output, sum, actual[i], bound);
    }
    error.verify();
  }

  @Test
  default void scalesMustCoverTheWeight() {
    MemorySegment data = arena().allocate(6 * 8);
    assertThatThrownBy(() -> scaled(data, WeightScale.perRow(new float[5])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("6 x 8", "5 scales");
    assertThatThrownBy(() -> scaled(data, WeightScale.perBlock(new float[6], 2, 2, 4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("6 x 8", "6 scales", "2 x 2");
    assertThatThrownBy(() -> WeightScale.perBlock(new float[5], 2, 4, 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("5 scales");
    assertThatThrownBy(() -> WeightScale.perTensor(Float.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("NaN");
  }

  private Weight scaled(MemorySegment data, WeightScale scale) {
    return kernels().weight(TensorType.F8_E4M3, 6, 8, data, Optional.of(scale));
  }
}
