package dev.chaski.kernels;

import static dev.chaski.kernels.ErrorBound.TINY;
import static dev.chaski.kernels.ErrorBound.gamma;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.kernels.quant.LittleEndian;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Matrix times vector and matrix times batch, for every type there is. */
interface MatmulContract extends ProviderFixture {
  /** Roundings of a sum besides one for each column: scales of a block, lanes, the final store. */
  int FEW = 8;

  /**
   * Row lengths: one block and several; where blocks are single values, not whole vectors. The last
   * are whole strips of {@code TileFormat}, of which there may be an odd number.
   */
  static int[] columns(TensorType type) {
    int block = type.blockSize();
    return switch (block) {
      case 1 -> new int[] {1, 3, 17, 100, 384};
      case 32 -> new int[] {block, 3 * block, 20 * block};
      default -> new int[] {block, 3 * block};
    };
  }

  @ParameterizedTest
  @EnumSource(TensorType.class)
  default void matmulIsAsExactAsFloatSumsAre(TensorType type) {
    for (int columns : columns(type)) {
      new Product(this, type, columns).check(false);
    }
  }

  @ParameterizedTest
  @EnumSource(TensorType.class)
  default void matmulAddAddsToWhatIsThere(TensorType type) {
    int[] columns = columns(type);
    new Product(this, type, columns[columns.length - 1]).check(true);
  }

  /** A product of the largest shape with its float64 reference; smaller shapes are parts of it. */
  final class Product {
    private static final int MAX_ROWS = 67;
    private static final int MAX_BATCH = 17;

    /** One row, odd counts, and counts that no unroll divides. */
    private static final int[] ROWS = {1, 2, 3, 4, 5, 7, 33, MAX_ROWS};

    /** Tokens: few of them may be their own code path; the others fill, or do not fill, a tile. */
    private static final int[] BATCHES = {1, 2, 3, 6, 7, MAX_BATCH};

    private final Kernels kernels;
    private final TensorType type;
    private final int columns;
    private final MemorySegment data; // (MAX_ROWS, columns)
    private final float[] x; // (MAX_BATCH, columns)
    private final float[] before; // (MAX_BATCH, MAX_ROWS): what matmulAdd adds to
    private final double[] product = new double[MAX_BATCH * MAX_ROWS]; // Σ w·x
    private final double[] magnitude = new double[MAX_BATCH * MAX_ROWS]; // Σ |w·x|

    Product(ProviderFixture fixture, TensorType type, int columns) {
      this.kernels = fixture.kernels();
      this.type = type;
      this.columns = columns;
      RandomBlocks random = new RandomBlocks(SEED);
      data = random.matrix(fixture.arena(), type, MAX_ROWS, columns);
      x = random.floats(MAX_BATCH * columns, 2);
      before = random.floats(MAX_BATCH * MAX_ROWS, 100);
      float[] w = Tensors.decode(type, data, MAX_ROWS * columns);
      for (int n = 0; n < MAX_BATCH; n++) {
        for (int r = 0; r < MAX_ROWS; r++) {
          double sum = 0;
          double sumOfMagnitudes = 0;
          for (int k = 0; k < columns; k++) {
            double term = (double) w[r * columns + k] * x[n * columns + k];
            sum += term;
            sumOfMagnitudes += Math.abs(term);
          }
          product[n * MAX_ROWS + r] = sum;
          magnitude[n * MAX_ROWS + r] = sumOfMagnitudes;
        }
      }
    }

    void check(boolean add) {
      for (int rows : ROWS) {
        MemorySegment part = data.asSlice(0, type.byteSize((long) rows * columns));
        Weight weight = kernels.weight(type, rows, columns, part);
        for (int batch : BATCHES) {
          check(weight, batch, add);
        }
      }
    }

    private void check(Weight weight, int batch, boolean add) {
      int rows = weight.rows();
      Tensor out = kernels.tensor(batch, rows);
      for (int n = 0; n < batch; n++) {
        kernels.write(out, n, Arrays.copyOfRange(before, n * MAX_ROWS, n * MAX_ROWS + rows));
      }
      Tensor in = Tensors.of(kernels, batch, columns, x);
      if (add) {
        kernels.matmulAdd(out, weight, in);
      } else {
        kernels.matmul(out, weight, in);
      }
      float[] actual = Tensors.values(kernels, out);
      ErrorBound error =
          new ErrorBound(
              String.format(
                  "%s %s %d x %d times %d tokens, seed %d",
                  add ? "matmulAdd" : "matmul", type, rows, columns, batch, SEED));
      for (int n = 0; n < batch; n++) {
        for (int r = 0; r < rows; r++) {
          int at = n * MAX_ROWS + r;
          double start = add ? before[at] : 0;
          double bound =
              gamma(columns + FEW) * (magnitude[at] + Math.abs(start)) + (columns + FEW) * TINY;
          error.check(n, r, start + product[at], actual[n * rows + r], bound);
        }
      }
      error.verify();
    }
  }

  @ParameterizedTest
  @EnumSource(TensorType.class)
  default void unitVectorsGiveTheWeightsBackExactly(TensorType type) {
    int rows = 7;
    int columns = 2 * Math.max(type.blockSize(), 19);
    MemorySegment data = new RandomBlocks(SEED).matrix(arena(), type, rows, columns);
    float[] w = Tensors.decode(type, data, rows * columns);
    Weight weight = kernels().weight(type, rows, columns, data);

    Tensor identity = kernels().tensor(columns, columns);
    Tensor batchOut = kernels().tensor(columns, rows);
    Tensor unit = kernels().tensor(1, columns);
    Tensor out = kernels().tensor(1, rows);
    float[] column = new float[rows];
    float[] batchColumn = new float[rows];
    for (int k = 0; k < columns; k++) {
      float[] e = new float[columns];
      e[k] = 1;
      kernels().write(identity, k, e);
    }
    kernels().matmul(batchOut, weight, identity);
    ErrorBound error = new ErrorBound(type + " times a unit vector, alone and in a batch");
    for (int k = 0; k < columns; k++) {
      float[] e = new float[columns];
      e[k] = 1;
      kernels().write(unit, 0, e);
      kernels().matmul(out, weight, unit);
      kernels().read(out, 0, column, 0);
      kernels().read(batchOut, k, batchColumn, 0);
      for (int r = 0; r < rows; r++) {
        error.check(r, k, w[r * columns + k], column[r], 0);
        error.check(r, k, w[r * columns + k], batchColumn[r], 0);
      }
    }
    error.verify();
  }

  @ParameterizedTest
  @EnumSource(
      value = TensorType.class,
      names = {"F32", "F16", "BF16"})
  default void infinitiesAndNanReachTheResultOfTheirRowOnly(TensorType type) {
    checkInfinitiesAndNan(type, 70); // the last ones are no whole vector
    checkInfinitiesAndNan(type, 384);
  }

  private void checkInfinitiesAndNan(TensorType type, int columns) {
    int rows = 6;
    MemorySegment data = new RandomBlocks(SEED).matrix(arena(), type, rows, columns);
    put(type, data, columns + 3, Float.POSITIVE_INFINITY);
    put(type, data, 3 * columns + 40, Float.NaN);
    put(type, data, 5 * columns + 69, Float.NEGATIVE_INFINITY);
    Weight weight = kernels().weight(type, rows, columns, data);
    for (int batch : new int[] {1, 3}) {
      float[] ones = new float[batch * columns];
      Arrays.fill(ones, 1);
      Tensor out = kernels().tensor(batch, rows);
      kernels().matmul(out, weight, Tensors.of(kernels(), batch, columns, ones));
      for (int n = 0; n < batch; n++) {
        float[] row = new float[rows];
        kernels().read(out, n, row, 0);
        assertThat(Math.abs(row[0] + row[2] + row[4])).isLessThan(Float.POSITIVE_INFINITY);
        assertThat(row[1]).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(row[3]).isNaN();
        assertThat(row[5]).isEqualTo(Float.NEGATIVE_INFINITY);
      }
    }
  }

  @Test
  default void nanOfFp8ReachesTheResultOfItsRowOnly() {
    for (int columns : new int[] {70, 384}) {
      MemorySegment data = new RandomBlocks(SEED).matrix(arena(), TensorType.F8_E4M3, 3, columns);
      data.set(ValueLayout.JAVA_BYTE, columns + 69, (byte) 0xFF);
      Weight weight = kernels().weight(TensorType.F8_E4M3, 3, columns, data);
      for (int batch : new int[] {1, 3}) {
        float[] ones = new float[batch * columns];
        Arrays.fill(ones, 1);
        Tensor out = kernels().tensor(batch, 3);
        kernels().matmul(out, weight, Tensors.of(kernels(), batch, columns, ones));
        float[] row = new float[3];
        kernels().read(out, batch - 1, row, 0);
        assertThat(row[0] + row[2]).isFinite();
        assertThat(row[1]).isNaN();
      }
    }
  }

  /** The magnitude of {@code x} is not the kernels' business, be it as small or large as can be. */
  @ParameterizedTest
  @ValueSource(floats = {0x1p-120f, 1, 0x1p100f})
  default void fp8TakesInputsOfAnyMagnitude(float magnitude) {
    int columns = 384;
    MemorySegment data = new RandomBlocks(SEED).matrix(arena(), TensorType.F8_E4M3, 1, columns);
    float[] w = Tensors.decode(TensorType.F8_E4M3, data, columns);
    float[] x = new RandomBlocks(SEED).floats(columns, magnitude);
    double sum = 0;
    double sumOfMagnitudes = 0;
    for (int k = 0; k < columns; k++) {
      sum += (double) w[k] * x[k];
      sumOfMagnitudes += Math.abs((double) w[k] * x[k]);
    }
    Tensor out = kernels().tensor(1, 1);
    Weight weight = kernels().weight(TensorType.F8_E4M3, 1, columns, data);
    kernels().matmul(out, weight, Tensors.of(kernels(), 1, columns, x));
    ErrorBound error = new ErrorBound("F8_E4M3 times inputs up to " + magnitude);
    double bound = gamma(columns + FEW) * sumOfMagnitudes + (columns + FEW) * TINY;
    error.check(0, 0, sum, Tensors.values(kernels(), out)[0], bound);
    error.verify();
  }

  private static void put(TensorType type, MemorySegment data, int index, float value) {
    if (type == TensorType.F32) {
      data.set(LittleEndian.FLOAT, 4L * index, value);
    } else if (type == TensorType.F16) {
      data.set(LittleEndian.SHORT, 2L * index, Float.floatToFloat16(value));
    } else {
      data.set(LittleEndian.SHORT, 2L * index, (short) (Float.floatToRawIntBits(value) >>> 16));
    }
  }

  @Test
  default void weightsMayLieInAnArray() {
    byte[] bytes = new byte[(int) TensorType.Q8_0.byteSize(5 * 64)];
    MemorySegment random = new RandomBlocks(SEED).matrix(arena(), TensorType.Q8_0, 5, 64);
    MemorySegment.ofArray(bytes).copyFrom(random);
    Tensor x = Tensors.of(kernels(), 1, 64, new RandomBlocks(SEED).floats(64, 1));
    Tensor expected = kernels().tensor(1, 5);
    Tensor actual = kernels().tensor(1, 5);
    kernels().matmul(expected, kernels().weight(TensorType.Q8_0, 5, 64, random), x);
    MemorySegment inArray = MemorySegment.ofArray(bytes);
    kernels().matmul(actual, kernels().weight(TensorType.Q8_0, 5, 64, inArray), x);
    assertThat(Tensors.values(kernels(), actual)).isEqualTo(Tensors.values(kernels(), expected));
  }

  @Test
  default void fusedProjectionsEqualTheSeparateOnes() {
    RandomBlocks random = new RandomBlocks(SEED);
    Weight a =
        kernels().weight(TensorType.F16, 9, 70, random.matrix(arena(), TensorType.F16, 9, 70));
    Weight b =
        kernels().weight(TensorType.F16, 5, 70, random.matrix(arena(), TensorType.F16, 5, 70));
    Weight c =
        kernels().weight(TensorType.F16, 5, 70, random.matrix(arena(), TensorType.F16, 5, 70));
    for (int batch : new int[] {1, 3}) {
      Tensor x = Tensors.of(kernels(), batch, 70, random.floats(batch * 70, 1));
      Tensor[] fused = {
        kernels().tensor(batch, 9), kernels().tensor(batch, 5), kernels().tensor(batch, 5)
      };
      Tensor[] separate = {
        kernels().tensor(batch, 9), kernels().tensor(batch, 5), kernels().tensor(batch, 5)
      };
      kernels().matmulQkv(fused[0], fused[1], fused[2], a, b, c, x);
      kernels().matmul(separate[0], a, x);
      kernels().matmul(separate[1], b, x);
      kernels().matmul(separate[2], c, x);
      for (int i = 0; i < 3; i++) {
        assertThat(Tensors.values(kernels(), fused[i]))
            .isEqualTo(Tensors.values(kernels(), separate[i]));
      }
      kernels().matmulSwiGlu(fused[1], fused[2], b, c, x);
      kernels().swiGlu(separate[1], separate[2]);
      assertThat(Tensors.values(kernels(), fused[1]))
          .isEqualTo(Tensors.values(kernels(), separate[1]));
    }
  }
}
