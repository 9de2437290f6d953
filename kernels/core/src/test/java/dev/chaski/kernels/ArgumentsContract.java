package dev.chaski.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** A caller's mistakes are told to the caller: what, the sizes that are, the sizes that fit. */
interface ArgumentsContract extends ProviderFixture {
  private static AbstractThrowableAssert<?, ?> refused(ThrowingCallable call) {
    return assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class);
  }

  private Tensor tensor(int rows, int columns) {
    return kernels().tensor(rows, columns);
  }

  private IntTensor ints(int... values) {
    return Tensors.ints(kernels(), values);
  }

  private Weight weight(int rows, int columns) {
    return kernels()
        .weight(TensorType.F32, rows, columns, arena().allocate(4L * rows * columns, 4));
  }

  @Test
  default void tensorsHaveColumnsAndFitMemory() {
    refused(() -> tensor(-1, 4)).hasMessageContaining("-1 x 4");
    refused(() -> tensor(1, 0)).hasMessageContaining("1 x 0");
    refused(() -> tensor(Integer.MAX_VALUE, 2)).hasMessageContaining("2147483647 x 2");
    Tensor x = tensor(2, 1000);
    refused(() -> x.resize(Integer.MAX_VALUE)).hasMessageContaining("2147483647 x 1000");
    assertThat(x.rows()).isEqualTo(2);
  }

  @Test
  default void weightsHaveExactlyTheirBytes() {
    refused(() -> kernels().weight(TensorType.F16, 3, 5, arena().allocate(29)))
        .hasMessageContainingAll("F16", "3 x 5", "30", "29");
    refused(() -> kernels().weight(TensorType.Q8_0, 3, 48, arena().allocate(300)))
        .hasMessageContainingAll("Q8_0", "32", "48");
    refused(() -> kernels().weight(TensorType.F32, 0, 4, arena().allocate(0)))
        .hasMessageContaining("0 x 4");
  }

  @Test
  default void productsNeedMatchingShapes() {
    Weight w = weight(4, 5);
    refused(() -> kernels().matmul(tensor(2, 3), w, tensor(2, 5)))
        .hasMessageContainingAll("matmul", "2 x 3", "4 x 5");
    refused(() -> kernels().matmul(tensor(2, 4), w, tensor(2, 6)))
        .hasMessageContainingAll("matmul", "2 x 6", "4 x 5");
    refused(() -> kernels().matmul(tensor(2, 4), w, tensor(3, 5)))
        .hasMessageContainingAll("matmul", "2 x 4", "3 x 5");
    refused(() -> kernels().matmulAdd(tensor(2, 3), w, tensor(2, 5)))
        .hasMessageContainingAll("matmul", "2 x 3", "4 x 5");
  }

  @Test
  default void rowOperationsNeedMatchingShapes() {
    refused(() -> kernels().rmsNorm(tensor(2, 4), tensor(2, 5), tensor(1, 4), 0))
        .hasMessageContainingAll("rmsNorm", "2 x 4", "2 x 5");
    refused(() -> kernels().rmsNorm(tensor(2, 4), tensor(3, 4), tensor(1, 4), 0))
        .hasMessageContainingAll("rmsNorm", "2 x 4", "3 x 4");
    refused(() -> kernels().rmsNorm(tensor(2, 4), tensor(2, 4), tensor(2, 4), 0))
        .hasMessageContainingAll("rmsNorm", "2 x 4");
    refused(() -> kernels().rmsNorm(tensor(2, 4), tensor(2, 4), tensor(1, 3), 0))
        .hasMessageContainingAll("rmsNorm", "2 x 4", "1 x 3");
    refused(() -> kernels().swiGlu(tensor(2, 4), tensor(2, 3)))
        .hasMessageContainingAll("swiGlu", "2 x 4", "2 x 3");
    refused(() -> kernels().swiGlu(tensor(2, 4), tensor(1, 4)))
        .hasMessageContainingAll("swiGlu", "2 x 4", "1 x 4");
    refused(() -> kernels().embed(tensor(2, 4), weight(3, 5), ints(0, 1)))
        .hasMessageContainingAll("embed", "2 x 4", "3 x 5");
    refused(() -> kernels().embed(tensor(2, 5), weight(3, 5), ints(0)))
        .hasMessageContainingAll("embed", "2 x 5", "1 ");
    refused(() -> kernels().gatherRows(tensor(2, 4), tensor(3, 5), ints(0, 1)))
        .hasMessageContainingAll("gatherRows", "2 x 4", "3 x 5");
    refused(() -> kernels().gatherRows(tensor(2, 4), tensor(3, 4), ints(0)))
        .hasMessageContainingAll("gatherRows", "2 x 4", "1 ");
  }

  @Test
  default void rotationsNeedMatchingShapes() {
    RopeFrequencies rope = new RopeFrequencies(new double[] {1, 0.5});
    refused(() -> kernels().ropeAngles(tensor(2, 3), rope, ints(0, 1)))
        .hasMessageContainingAll("ropeAngles", "2 x 3", "2 x 4");
    refused(() -> kernels().ropeAngles(tensor(2, 4), rope, ints(0)))
        .hasMessageContainingAll("ropeAngles", "2 x 4", "1 x 4");
    refused(() -> kernels().rope(tensor(2, 6), tensor(2, 4), RopePairing.INTERLEAVED))
        .hasMessageContainingAll("rope", "2 x 6", "2 x 4");
    refused(() -> kernels().rope(tensor(2, 8), tensor(1, 4), RopePairing.HALF_SPLIT))
        .hasMessageContainingAll("rope", "2 x 8", "1 x 4");
  }

  @Test
  default void indexesAreChecked() {
    Class<?> outOfBounds = IndexOutOfBoundsException.class;
    assertThatThrownBy(() -> kernels().embed(tensor(1, 5), weight(3, 5), ints(3)))
        .isInstanceOf(outOfBounds);
    assertThatThrownBy(() -> kernels().gatherRows(tensor(1, 5), tensor(3, 5), ints(-1)))
        .isInstanceOf(outOfBounds);
    assertThatThrownBy(() -> kernels().argmax(tensor(2, 5), 2)).isInstanceOf(outOfBounds);
    assertThatThrownBy(() -> kernels().read(tensor(2, 5), 2, new float[5], 0))
        .isInstanceOf(outOfBounds);
    assertThatThrownBy(() -> kernels().read(tensor(2, 5), 1, new float[5], 1))
        .isInstanceOf(outOfBounds);
    assertThatThrownBy(() -> kernels().write(tensor(2, 5), -1, new float[5]))
        .isInstanceOf(outOfBounds);
    assertThatThrownBy(() -> kernels().write(tensor(2, 5), 0, new float[4]))
        .isInstanceOf(outOfBounds);
    assertThatThrownBy(() -> ints(1, 2).get(2)).isInstanceOf(outOfBounds);
    assertThatThrownBy(() -> ints().set(new int[2], 3)).isInstanceOf(outOfBounds);
  }

  @Test
  default void storingNeedsAPlaceForEachRow() {
    try (KvSlab slab = kernels().kvSlab(new KvShape(2, 4, TensorType.F32))) {
      slab.reserve(64);
      KvRows two = new KvRows(List.of(slab), ints(0, 0));
      refused(() -> kernels().storeKv(two, tensor(2, 8), tensor(2, 4), ints(0, 1)))
          .hasMessageContainingAll("storeKv", "2 x 8", "2 x 4");
      refused(() -> kernels().storeKv(two, tensor(2, 4), tensor(2, 4), ints(0, 1)))
          .hasMessageContainingAll("storeKv", "2 x 4", "2 heads of 4");
      refused(() -> kernels().storeKv(two, tensor(2, 8), tensor(2, 8), ints(0)))
          .hasMessageContainingAll("storeKv", "2 rows", "1 position");
      KvRows one = new KvRows(List.of(slab), ints(0));
      refused(() -> kernels().storeKv(one, tensor(2, 8), tensor(2, 8), ints(0, 1)))
          .hasMessageContainingAll("storeKv", "2 rows", "1 sequence");
      refused(() -> kernels().storeKv(two, tensor(2, 8), tensor(2, 8), ints(0, 64)))
          .hasMessageContainingAll("storeKv", "position 64", "room for 64");
      refused(() -> kernels().storeKv(two, tensor(2, 8), tensor(2, 8), ints(-1, 0)))
          .hasMessageContainingAll("storeKv", "position -1");
      KvRows unknown = new KvRows(List.of(slab), ints(0, 1));
      refused(() -> kernels().storeKv(unknown, tensor(2, 8), tensor(2, 8), ints(0, 1)))
          .hasMessageContainingAll("storeKv", "sequence 1", "1 slab");
    }
  }

  @Test
  default void attentionNeedsHeadsThatFitTheCache() {
    try (KvSlab slab = kernels().kvSlab(new KvShape(2, 4, TensorType.F32));
        KvSlab other = kernels().kvSlab(new KvShape(1, 8, TensorType.F32))) {
      slab.reserve(64);
      other.reserve(64);
      KvRows two = new KvRows(List.of(slab), ints(0, 0));
      refused(() -> kernels().attention(tensor(2, 8), tensor(2, 16), two, 4, ints(0, 1)))
          .hasMessageContainingAll("attention", "2 x 8", "2 x 16");
      refused(() -> kernels().attention(tensor(2, 12), tensor(2, 12), two, 4, ints(0, 1)))
          .hasMessageContainingAll("attention", "12 columns", "4 heads", "2 heads of 4");
      refused(() -> kernels().attention(tensor(2, 12), tensor(2, 12), two, 3, ints(0, 1)))
          .hasMessageContainingAll("attention", "12 columns", "3 heads", "2 heads of 4");
      refused(() -> kernels().attention(tensor(2, 16), tensor(2, 16), two, 4, ints(0)))
          .hasMessageContainingAll("attention", "2 rows", "1 position");
      refused(() -> kernels().attention(tensor(1, 16), tensor(1, 16), two, 4, ints(0)))
          .hasMessageContainingAll("attention", "1 row", "2 sequences");
      refused(() -> kernels().attention(tensor(2, 16), tensor(2, 16), two, 4, ints(0, 64)))
          .hasMessageContainingAll("attention", "position 64", "room for 64");
      KvRows mixed = new KvRows(List.of(slab, other), ints(0, 1));
      refused(() -> kernels().attention(tensor(2, 16), tensor(2, 16), mixed, 4, ints(0, 1)))
          .hasMessageContainingAll("attention", "2 heads of 4", "1 heads of 8");
    }
  }

  @Test
  default void cacheShapesAndThreadsAreChecked() {
    refused(() -> new KvShape(0, 4, TensorType.F16)).hasMessageContaining("0 heads");
    refused(() -> new KvShape(1, 0, TensorType.F16)).hasMessageContaining("of 0");
    refused(() -> new KvShape(1, 4, TensorType.BF16)).hasMessageContaining("BF16");
    refused(() -> new KernelsOptions(0)).hasMessageContaining("not 0");
  }

  /** A handle that no provider made. */
  record Foreign(int rows, int columns) implements Tensor, Weight {
    @Override
    public void resize(int rows) {}

    @Override
    public TensorType type() {
      return TensorType.F32;
    }
  }

  /** A cache that no provider made. */
  record ForeignSlab(KvShape shape) implements KvSlab {
    @Override
    public void reserve(int length) {}

    @Override
    public void copyFrom(KvSlab source, int length) {}

    @Override
    public long byteSize() {
      return 0;
    }

    @Override
    public void close() {}
  }

  @Test
  default void handlesOfOthersAreRefused() {
    Tensor x = tensor(1, 4);
    Foreign foreign = new Foreign(1, 4);
    List<ThrowingCallable> calls =
        List.of(
            () -> kernels().matmul(foreign, weight(4, 4), x),
            () -> kernels().matmul(x, foreign, x),
            () -> kernels().matmulAdd(x, weight(4, 4), foreign),
            () -> kernels().rmsNorm(x, foreign, x, 0),
            () -> kernels().swiGlu(x, foreign),
            () -> kernels().embed(x, foreign, ints(0)),
            () -> kernels().gatherRows(x, foreign, ints(0)),
            () -> kernels().rope(x, foreign, RopePairing.INTERLEAVED),
            () -> kernels().write(foreign, 0, new float[4]),
            () -> kernels().read(foreign, 0, new float[4], 0),
            () -> kernels().argmax(foreign, 0));
    for (ThrowingCallable call : calls) {
      refused(call).hasMessageContainingAll("another provider", Foreign.class.getName());
    }
    KvSlab slab = new ForeignSlab(new KvShape(1, 4, TensorType.F32));
    KvRows kv = new KvRows(List.of(slab), ints(0));
    refused(() -> kernels().storeKv(kv, x, x, ints(0))).hasMessageContaining("another provider");
    refused(() -> kernels().attention(tensor(1, 4), x, kv, 1, ints(0)))
        .hasMessageContaining("another provider");
    try (KvSlab own = kernels().kvSlab(slab.shape())) {
      refused(() -> own.copyFrom(slab, 0)).hasMessageContaining("both must be alike");
    }
  }

  @Test
  default void aClosedCacheIsRefused() {
    KvSlab slab = kernels().kvSlab(new KvShape(1, 4, TensorType.F32));
    slab.reserve(10);
    KvRows kv = new KvRows(List.of(slab), ints(0));
    Tensor x = tensor(1, 4);
    kernels().storeKv(kv, x, x, ints(0));
    slab.close();
    slab.close(); // harmless
    List<ThrowingCallable> calls =
        List.of(
            () -> kernels().storeKv(kv, x, x, ints(0)),
            () -> kernels().attention(tensor(1, 4), x, kv, 1, ints(0)),
            () -> slab.reserve(5),
            () -> slab.reserve(500),
            slab::byteSize);
    for (ThrowingCallable call : calls) {
      assertThatThrownBy(call)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("closed");
    }
  }
}
