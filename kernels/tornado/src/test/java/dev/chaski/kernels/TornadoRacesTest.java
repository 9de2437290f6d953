package dev.chaski.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.kernels.tornado.TornadoDeviceHere;
import dev.chaski.kernels.tornado.TornadoProvider;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each kernel again and again with many groups at once, compared bit for bit: work-items that miss
 * a barrier, or groups that share what they should not, differ sooner or later.
 */
class TornadoRacesTest {
  private static final int REPEATS = 30;

  private final RandomBlocks random = new RandomBlocks(ProviderFixture.SEED);
  private Kernels kernels;
  private Arena arena;

  @BeforeAll
  static void needsADevice() {
    TornadoDeviceHere.assume();
  }

  @BeforeEach
  void open() {
    kernels = new TornadoProvider().create(new KernelsOptions(1));
    arena = Arena.ofShared();
  }

  @AfterEach
  void close() {
    kernels.close();
    arena.close();
  }

  private static void alwaysTheSame(Supplier<float[]> run) {
    float[] first = run.get();
    for (int i = 1; i < REPEATS; i++) {
      assertThat(run.get()).as("run %d", i).isEqualTo(first);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = TensorType.class,
      names = {"F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_K", "Q6_K", "F8_E4M3"})
  void products(TensorType type) {
    int rows = 517;
    int columns = 1024;
    int tokens = 37;
    Weight w = kernels.weight(type, rows, columns, random.matrix(arena, type, rows, columns));
    Tensor one = Tensors.of(kernels, 1, columns, random.floats(columns, 1));
    Tensor many = Tensors.of(kernels, tokens, columns, random.floats(tokens * columns, 1));
    Tensor oneOut = kernels.tensor(1, rows);
    Tensor manyOut = kernels.tensor(tokens, rows);
    alwaysTheSame(() -> {
      kernels.matmul(oneOut, w, one);
      return Tensors.values(kernels, oneOut);
    });
    alwaysTheSame(() -> {
      kernels.matmul(manyOut, w, many);
      return Tensors.values(kernels, manyOut);
    });
  }

  @Test
  void rowsAndLargestValues() {
    int rows = 64;
    int columns = 2048;
    Tensor x = Tensors.of(kernels, rows, columns, random.floats(rows * columns, 3));
    Tensor gain = Tensors.of(kernels, 1, columns, random.floats(columns, 2));
    Tensor out = kernels.tensor(rows, columns);
    Tensor wide = Tensors.of(kernels, 1, 128_256, random.floats(128_256, 9));
    alwaysTheSame(() -> {
      kernels.rmsNorm(out, x, gain, 1e-5f);
      return Tensors.values(kernels, out);
    });
    alwaysTheSame(() -> new float[] {kernels.argmax(wide, 0)});
  }

  @ParameterizedTest
  @EnumSource(
      value = TensorType.class,
      names = {"F32", "F16", "Q8_0"})
  void attention(TensorType type) {
    KvShape shape = new KvShape(4, 64, type);
    int positions = 300;
    int heads = 16;
    int[] places = new int[positions];
    for (int i = 0; i < positions; i++) {
      places[i] = i;
    }
    try (KvSlab slab = kernels.kvSlab(shape)) {
      slab.reserve(positions);
      KvRows all = new KvRows(List.of(slab), Tensors.ints(kernels, new int[positions]));
      IntTensor at = Tensors.ints(kernels, places);
      Tensor k = Tensors.of(kernels, positions, 256, random.floats(positions * 256, 1));
      Tensor q = Tensors.of(kernels, positions, 1024, random.floats(positions * 1024, 1));
      Tensor out = kernels.tensor(positions, 1024);
      alwaysTheSame(() -> {
        kernels.storeKv(all, k, k, at);
        kernels.attention(out, q, all, heads, at);
        return Tensors.values(kernels, out);
      });
    }
  }
}
