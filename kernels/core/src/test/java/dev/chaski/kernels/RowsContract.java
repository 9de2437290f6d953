package dev.chaski.kernels;

import static dev.chaski.kernels.ErrorBound.TINY;
import static dev.chaski.kernels.ErrorBound.UNIT;
import static dev.chaski.kernels.ErrorBound.gamma;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is done to each row, or each value, by itself. */
interface RowsContract extends ProviderFixture {
  /** Relative error a provider's exp may have; {@code VectorMath.exp} promises it. */
  double EXP_ERROR = 2e-7;

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 300})
  default void allRowsAreWrittenAndReadAtOnceAsOneByOne(int rows) {
    int columns = 33;
    float[] values = new RandomBlocks(SEED).floats(rows * columns + 5, 3); // more than they take
    Tensor x = kernels().tensor(rows, columns);
    kernels().writeRows(x, values);
    float[] row = new float[columns];
    for (int i = 0; i < rows; i++) {
      kernels().read(x, i, row, 0);
      assertThat(row).isEqualTo(Arrays.copyOfRange(values, i * columns, (i + 1) * columns));
    }
    kernels().write(x, rows - 1, new float[columns]);
    float[] actual = new float[rows * columns + 1];
    actual[rows * columns] = 42;
    kernels().readRows(x, actual);
    float[] expected = Arrays.copyOf(values, rows * columns + 1);
    Arrays.fill(expected, (rows - 1) * columns, rows * columns, 0f);
    expected[rows * columns] = 42;
    assertThat(actual).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 16, 31, 64, 100, 2048})
  default void rmsNormDividesByTheRootMeanSquare(int columns) {
    RandomBlocks random = new RandomBlocks(SEED);
    int rows = 5;
    float eps = 1e-5f;
    float[] x = random.floats(rows * columns, 3);
    Arrays.fill(x, columns, 2 * columns, 0f); // eps keeps it from dividing by zero
    float[] gain = random.floats(columns, 2);
    Tensor out = kernels().tensor(rows, columns);
    Tensor in = Tensors.of(kernels(), rows, columns, x);
    Tensor by = Tensors.of(kernels(), 1, columns, gain);
    kernels().rmsNorm(out, in, by, eps);

    float[] actual = Tensors.values(kernels(), out);
    ErrorBound error = new ErrorBound("rmsNorm of " + columns + " columns, seed " + SEED);
    for (int row = 0; row < rows; row++) {
      double squares = 0;
      for (int i = 0; i < columns; i++) {
        squares += (double) x[row * columns + i] * x[row * columns + i];
      }
      double scale = 1 / Math.sqrt(squares / columns + eps);
      for (int i = 0; i < columns; i++) {
        double expected = x[row * columns + i] * scale * gain[i];
        // The sum has only positive terms, and the root halves its relative error.
        double bound = (gamma(columns + 3) / 2 + gamma(4)) * Math.abs(expected);
        error.check(row, i, expected, actual[row * columns + i], bound);
      }
    }
    error.verify();

    kernels().rmsNorm(in, in, by, eps);
    assertThat(Tensors.values(kernels(), in)).as("in place").isEqualTo(actual);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 16, 31, 64, 100, 2048})
  default void swiGluIsSiluOfGateTimesUp(int columns) {
    RandomBlocks random = new RandomBlocks(SEED);
    int rows = 4;
    float[] gate = random.floats(rows * columns, 12);
    float[] extremes = {0f, -0f, 1e-30f, -1e-30f, 80f, -80f, 200f, -200f, 1e30f, -1e30f, -87.5f};
    System.arraycopy(extremes, 0, gate, 0, Math.min(extremes.length, columns));
    float[] up = random.floats(rows * columns, 3);
    Tensor g = Tensors.of(kernels(), rows, columns, gate);
    kernels().swiGlu(g, Tensors.of(kernels(), rows, columns, up));

    float[] actual = Tensors.values(kernels(), g);
    ErrorBound error = new ErrorBound("swiGlu of " + columns + " columns, seed " + SEED);
    for (int i = 0; i < actual.length; i++) {
      double expected = gate[i] / (1 + Math.exp(-gate[i])) * up[i];
      // exp may stop at the largest float: then the factor is 2^-127 where it should be nothing.
      double stopped = gate[i] < -87 ? Math.abs((double) gate[i] * up[i]) * 0x1p-125 : 0;
      double bound = (EXP_ERROR + gamma(4)) * Math.abs(expected) + stopped + 2 * TINY;
      error.check(i / columns, i % columns, expected, actual[i], bound);
    }
    error.verify();
  }

  @Test
  default void ropeAnglesAreRightToTheLastBitAtAnyPosition() {
    double[] frequencies = new double[64];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = Math.pow(500_000, -i / 64.0) / (i < 40 ? 1 : 8); // as Llama 3.1 scales them
    }
    int[] positions = {0, 1, 2, 63, 4095, 8191, 8192, 65_535, 100_003, 131_070, 131_071};
    Tensor out = kernels().tensor(positions.length, 128);
    RopeFrequencies rope = new RopeFrequencies(frequencies);
    kernels().ropeAngles(out, rope, Tensors.ints(kernels(), positions));

    float[] actual = Tensors.values(kernels(), out);
    ErrorBound error = new ErrorBound("ropeAngles");
    for (int row = 0; row < positions.length; row++) {
      for (int i = 0; i < 64; i++) {
        double angle = positions[row] * frequencies[i];
        double cos = StrictMath.cos(angle);
        double sin = StrictMath.sin(angle);
        int at = row * 128 + 2 * i;
        error.check(row, 2 * i, cos, actual[at], Math.ulp((float) cos));
        error.check(row, 2 * i + 1, sin, actual[at + 1], Math.ulp((float) sin));
      }
    }
    error.verify();
  }

  @ParameterizedTest
  @EnumSource(RopePairing.class)
  default void ropeTurnsEachPairOfEachHead(RopePairing pairing) {
    for (int headDim : new int[] {2, 8, 32, 64, 80, 128}) {
      checkRope(pairing, headDim, 3);
    }
  }

  private void checkRope(RopePairing pairing, int headDim, int heads) {
    int rows = 5;
    int columns = heads * headDim;
    RandomBlocks random = new RandomBlocks(SEED);
    float[] x = random.floats(rows * columns, 4);
    float[] angles = random.floats(rows * headDim, 1);
    Tensor values = Tensors.of(kernels(), rows, columns, x);
    kernels().rope(values, Tensors.of(kernels(), rows, headDim, angles), pairing);

    float[] actual = Tensors.values(kernels(), values);
    ErrorBound error =
        new ErrorBound("rope " + pairing + " of heads of " + headDim + ", seed " + SEED);
    for (int row = 0; row < rows; row++) {
      for (int head = 0; head < heads; head++) {
        int at = row * columns + head * headDim;
        for (int i = 0; i < headDim / 2; i++) {
          boolean interleaved = pairing == RopePairing.INTERLEAVED;
          int first = at + (interleaved ? 2 * i : i);
          int second = interleaved ? first + 1 : first + headDim / 2;
          double cos = angles[row * headDim + 2 * i];
          double sin = angles[row * headDim + 2 * i + 1];
          double a = x[first];
          double b = x[second];
          double boundFirst = gamma(2) * (Math.abs(a * cos) + Math.abs(b * sin)) + 3 * TINY;
          double boundSecond = gamma(2) * (Math.abs(a * sin) + Math.abs(b * cos)) + 3 * TINY;
          error.check(row, first % columns, a * cos - b * sin, actual[first], boundFirst);
          error.check(row, second % columns, a * sin + b * cos, actual[second], boundSecond);
        }
      }
    }
    error.verify();
  }

  @Test
  default void ropeKeepsTheLengthOfAPairAtFarPositions() {
    IntTensor positions = Tensors.ints(kernels(), 131_071);
    Tensor angles = kernels().tensor(1, 2);
    kernels().ropeAngles(angles, new RopeFrequencies(new double[] {1}), positions);
    Tensor x = Tensors.of(kernels(), 1, 2, 3f, 4f);
    kernels().rope(x, angles, RopePairing.INTERLEAVED);
    float[] turned = Tensors.values(kernels(), x);
    assertThat(Math.hypot(turned[0], turned[1])).isCloseTo(5, within(5 * 8 * UNIT));
  }

  @ParameterizedTest
  @EnumSource(TensorType.class)
  default void embedDecodesTheRowsOfTheIdsExactly(TensorType type) {
    int columns = 2 * Math.max(type.blockSize(), 19);
    MemorySegment data = new RandomBlocks(SEED).matrix(arena(), type, 11, columns);
    float[] table = Tensors.decode(type, data, 11 * columns);
    int[] ids = {10, 0, 3, 3, 7};
    Tensor out = kernels().tensor(ids.length, columns);
    Weight weight = kernels().weight(type, 11, columns, data);
    kernels().embed(out, weight, Tensors.ints(kernels(), ids));
    for (int i = 0; i < ids.length; i++) {
      float[] row = new float[columns];
      kernels().read(out, i, row, 0);
      assertThat(row)
          .as("row %d", i)
          .isEqualTo(Arrays.copyOfRange(table, ids[i] * columns, (ids[i] + 1) * columns));
    }
  }

  @Test
  default void gatherRowsCopiesRowsInTheOrderAskedFor() {
    Tensor x = Tensors.of(kernels(), 4, 2, 0, 1, 10, 11, 20, 21, 30, 31);
    Tensor out = kernels().tensor(3, 2);
    kernels().gatherRows(out, x, Tensors.ints(kernels(), 3, 0, 3));
    assertThat(Tensors.values(kernels(), out)).containsExactly(30, 31, 0, 1, 30, 31);
    out.resize(0);
    kernels().gatherRows(out, x, Tensors.ints(kernels()));
    assertThat(out.rows()).isZero();
  }

  @Test
  default void argmaxIsTheLowestIndexOfTheLargestValueOfItsRow() {
    float[] values = new float[3 * 70];
    values[2] = 100; // another row's
    values[70 + 13] = 5;
    values[70 + 40] = 7;
    values[70 + 69] = 7;
    Arrays.fill(values, 140, 210, Float.NEGATIVE_INFINITY);
    Tensor x = Tensors.of(kernels(), 3, 70, values);
    assertThat(kernels().argmax(x, 0)).isEqualTo(2);
    assertThat(kernels().argmax(x, 1)).isEqualTo(40);
    assertThat(kernels().argmax(x, 2)).isZero();
  }

  @Test
  default void tensorsStartAsZerosAndKeepTheirColumnsWhenResized() {
    Tensor x = kernels().tensor(2, 3);
    assertThat(Tensors.values(kernels(), x)).containsOnly(0f);
    x.resize(7);
    assertThat(x.rows()).isEqualTo(7);
    assertThat(x.columns()).isEqualTo(3);
    kernels().write(x, 6, new float[] {1, 2, 3, 4});
    float[] read = new float[5];
    kernels().read(x, 6, read, 1);
    assertThat(read).containsExactly(0, 1, 2, 3, 0);
  }

  @Test
  default void intsAreCopied() {
    IntTensor ints = kernels().ints();
    assertThat(ints.size()).isZero();
    int[] values = {3, 1, 2};
    ints.set(values, 2);
    values[0] = 9;
    assertThat(ints.size()).isEqualTo(2);
    assertThat(ints.get(0)).isEqualTo(3);
    assertThat(ints.get(1)).isEqualTo(1);
  }

  @Test
  default void noRowsAreNoWork() {
    Tensor none = kernels().tensor(0, 4);
    Tensor gain = Tensors.of(kernels(), 1, 4, 1, 1, 1, 1);
    MemorySegment data = new RandomBlocks(SEED).matrix(arena(), TensorType.F32, 4, 4);
    kernels().rmsNorm(none, none, gain, 1e-5f);
    kernels().matmul(none, kernels().weight(TensorType.F32, 4, 4, data), kernels().tensor(0, 4));
    kernels().swiGlu(none, kernels().tensor(0, 4));
    assertThat(none.rows()).isZero();
  }
}
