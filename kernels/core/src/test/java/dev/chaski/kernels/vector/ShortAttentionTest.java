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
import dev.chaski.kernels.cpu.AttentionRows;
import dev.chaski.kernels.cpu.CpuKvSlab;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShortAttentionTest {
  private static final long SEED = 20261122;
  private static final int KV_HEADS = 2;

  /** So it makes no difference which of them computes a position. */
  @ParameterizedTest
  @CsvSource({"F16, 64, 4", "F32, 64, 1", "Q8_0, 64, 4", "F16, 128, 3", "F16, 20, 2", "F32, 7, 2"})
  void hasTheBitsOfTheVectorKernel(TensorType type, int headDim, int group) {
    Random random = new Random(SEED);
    int positions = ShortAttention.MAX_LENGTH;
    try (Kernels kernels = new VectorProvider().create(new KernelsOptions(1));
        KvSlab slab = kernels.kvSlab(new KvShape(KV_HEADS, headDim, type))) {
      slab.reserve(positions);
      fill(kernels, slab, positions, KV_HEADS * headDim, random);
      float[] q = floats(KV_HEADS * group * headDim, 8, random);
      float[] expected = new float[q.length];
      float[] actual = new float[q.length];
      VectorFormat format = new VectorFormats().of(type);
      VectorAttention vectors = new VectorAttention();
      ShortAttention loops = new ShortAttention();
      for (int length = 1; length <= positions; length++) {
        IntTensor position = kernels.ints();
        position.set(new int[] {length - 1}, 1);
        AttentionRows rows = new AttentionRows((CpuKvSlab) slab, position, 0, 1, KV_HEADS * group);
        for (int head = 0; head < KV_HEADS; head++) {
          vectors.attend(format, expected, q, rows, head);
          loops.attend(actual, q, rows, head);
        }
        assertThat(actual).as("%d positions, seed %d", length, SEED).isEqualTo(expected);
      }
    }
  }

  private static void fill(Kernels kernels, KvSlab slab, int rows, int columns, Random random) {
    Tensor k = kernels.tensor(rows, columns);
    Tensor v = kernels.tensor(rows, columns);
    for (int row = 0; row < rows; row++) {
      kernels.write(k, row, floats(columns, 2, random));
      kernels.write(v, row, floats(columns, 2, random));
    }
    var sequences = kernels.ints();
    sequences.set(new int[rows], rows);
    var positions = kernels.ints();
    positions.set(IntStream.range(0, rows).toArray(), rows);
    kernels.storeKv(new KvRows(List.of(slab), sequences), k, v, positions);
  }

  private static float[] floats(int count, float scale, Random random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = scale * (float) random.nextGaussian();
    }
    return values;
  }
}
