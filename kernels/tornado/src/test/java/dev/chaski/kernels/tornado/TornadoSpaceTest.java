package dev.chaski.kernels.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.chaski.kernels.DeviceSpace;
import dev.chaski.kernels.IntTensor;
import dev.chaski.kernels.KvShape;
import dev.chaski.kernels.KvSlab;
import dev.chaski.kernels.RopeFrequencies;
import dev.chaski.kernels.Tensor;
import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.Weight;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is planned to be on the device, and what is there. */
class TornadoSpaceTest {
  private static final long MB = 1 << 20;

  @BeforeAll
  static void needsADevice() {
    TornadoDeviceHere.assume();
  }

  private static TornadoKernels open(long megabytes) {
    return new TornadoKernels(new Device("a small card", megabytes * MB));
  }

  /** The caches of a sequence grow together, block by block. */
  @ParameterizedTest
  @CsvSource({"F32, 100", "F32, 5000", "F16, 5000", "F16, 20000", "Q8_0, 5000", "Q8_0, 20000"})
  void cachesTakeWhatWasPlanned(TensorType type, int positions) {
    int layers = 5;
    KvShape shape = new KvShape(2, 32, type);
    try (TornadoKernels kernels = open(1024)) {
      long before = kernels.takenBytes();
      List<KvSlab> slabs = new ArrayList<>();
      for (int i = 0; i < layers; i++) {
        slabs.add(kernels.kvSlab(shape));
      }
      for (int length = 1; length < positions; length += 512) {
        for (KvSlab slab : slabs) {
          slab.reserve(length);
        }
      }
      slabs.forEach(slab -> slab.reserve(positions));
      assertThat(kernels.takenBytes() - before)
          .isEqualTo(kernels.deviceSpace().orElseThrow().cacheBytes(shape, layers, positions));
      slabs.forEach(KvSlab::close);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100, 512})
  void tensorsTakeWhatWasPlanned(int rows) {
    try (TornadoKernels kernels = open(1024)) {
      long others = kernels.takenBytes() - kernels.deviceSpace().orElseThrow().tensorBytes(1);
      int[] columns = {2048, 2048, 2048, 512, 512, 64, 2048, 8192, 8192};
      long values = 0;
      List<Tensor> tensors = new ArrayList<>();
      for (int count : columns) {
        tensors.add(kernels.tensor(0, count));
        values += (long) rows * count;
      }
      tensors.forEach(tensor -> tensor.resize(rows));
      assertThat(kernels.takenBytes() - others)
          .isEqualTo(kernels.deviceSpace().orElseThrow().tensorBytes(values));
      assertThat(tensors).allMatch(tensor -> tensor.rows() == rows);
    }
  }

  /** Each page is made once, whoever comes back to it. */
  @Test
  void rotationsTakeWhatWasPlanned() {
    int positions = 5000;
    int headDim = 512;
    try (TornadoKernels kernels = open(1024)) {
      DeviceSpace space = kernels.deviceSpace().orElseThrow();
      long others = kernels.takenBytes() - space.tensorBytes(1);
      RopeFrequencies rope = new RopeFrequencies(new double[headDim / 2]);
      Tensor out = kernels.tensor(1, headDim);
      IntTensor at = kernels.ints();
      for (int i = 0; i < 4 * positions; i += 100) {
        at.set(new int[] {i % positions}, 1);
        kernels.ropeAngles(out, rope, at);
      }
      long planned = space.angleValues(headDim, positions);
      assertThat(planned).isBetween((long) positions * headDim, (positions + 512L) * headDim);
      assertThat(kernels.takenBytes() - others)
          .isEqualTo(space.tensorBytes(planned + headDim))
          .isGreaterThan(space.tensorBytes(1));
    }
  }

  /** Besides, arrays of weights have four megabytes at least. */
  @ParameterizedTest
  @EnumSource(
      value = TensorType.class,
      names = {"F32", "F16", "Q8_0", "Q4_K", "F8_E4M3", "Q2_K"})
  void weightsTakeWhatWasPlanned(TensorType type) {
    int rows = 3000;
    int columns = 1024;
    try (TornadoKernels kernels = open(1024);
        Arena arena = Arena.ofConfined()) {
      long before = kernels.takenBytes();
      Weight w =
          kernels.weight(
              type, rows, columns, arena.allocate(type.byteSize((long) rows * columns), 64));
      Tensor out = kernels.tensor(1, rows);
      kernels.matmul(out, w, kernels.tensor(1, columns));
      kernels.await();
      long planned = kernels.deviceSpace().orElseThrow().weightBytes(w);
      assertThat(kernels.takenBytes() - before).isBetween(planned, Math.max(planned, 4 * MB));
    }
  }

  /** Two of them do not fit one array, and what an array has left is no use. */
  @Test
  void weightsThatDoNotFillArraysTakeWhatWasPlanned() {
    int largest = (int) (8 * MB);
    try (TornadoKernels kernels = new TornadoKernels(new Device("a card", 1 << 30, largest));
        Arena arena = Arena.ofConfined()) {
      int rows = 1300;
      int columns = 1024;
      List<Weight> weights = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        weights.add(
            kernels.weight(TensorType.F32, rows, columns, arena.allocate(4L * rows * columns, 64)));
      }
      Tensor out = kernels.tensor(1, rows);
      Tensor x = kernels.tensor(1, columns);
      kernels.await();
      long before = kernels.takenBytes();
      kernels.matmul(out, weights.getFirst(), x);
      kernels.await();
      assertThat(kernels.takenBytes() - before).isEqualTo(3 * 4L * rows * columns);
    }
  }

  @Test
  void weightsThatDoNotFitAreRefusedBeforeTheyAreCopied() {
    try (TornadoKernels kernels = open(40);
        Arena arena = Arena.ofConfined()) {
      int columns = 4096;
      int rows = 2048;
      Weight w =
          kernels.weight(TensorType.F32, rows, columns, arena.allocate(4L * rows * columns, 64));
      assertThat(kernels.deviceSpace().orElseThrow().weightBytes(w)).isEqualTo(32 * MB);
      Tensor x = kernels.tensor(1, columns);
      Tensor out = kernels.tensor(1, rows);
      kernels.await();
      long before = kernels.counts().bytesUp();
      kernels.matmul(out, w, x);
      assertThatIllegalStateException()
          .isThrownBy(kernels::await)
          .withMessageStartingWith("a small card has 0.04 GB, of which 0.01 GB are taken; another")
          .withMessageContaining("0.03 GB do not fit: use fewer layers (--gpu-layers)");
      assertThat(kernels.counts().bytesUp()).isEqualTo(before);
    }
  }

  @Test
  void soAreCachesAndTensorsThatGrow() {
    try (TornadoKernels kernels = open(40)) {
      assertThatIllegalStateException()
          .isThrownBy(() -> kernels.tensor(4096, 4096))
          .withMessageContaining("do not fit");
      KvSlab slab = kernels.kvSlab(new KvShape(8, 128, TensorType.F16));
      assertThatIllegalStateException()
          .isThrownBy(() -> slab.reserve(10_000))
          .withMessageContaining("do not fit");
    }
  }
}
