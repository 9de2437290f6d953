package dev.chaski.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.kernels.vector.VectorProvider;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs three times, with vectors of 128, 256 and 512 bits: see the surefire section of the pom. */
class VectorKernelsTest extends KernelsContract {
  VectorKernelsTest() {
    super(new VectorProvider());
  }

  /** So a guess of what follows is accepted just when it would have been chosen. */
  @ParameterizedTest
  @EnumSource(TensorType.class)
  void exactRowsHaveTheBitsOfSingleRows(TensorType type) {
    int rows = 67;
    int tokens = kernels().exactRows();
    int columns = type.blockSize() == 256 ? 512 : 640;
    RandomBlocks random = new RandomBlocks(SEED);
    Weight w = kernels().weight(type, rows, columns, random.matrix(arena(), type, rows, columns));
    float[] x = random.floats(tokens * columns, 2);
    Tensor batch = kernels().tensor(tokens, rows);
    kernels().matmul(batch, w, Tensors.of(kernels(), tokens, columns, x));
    float[] together = Tensors.values(kernels(), batch);
    for (int i = 0; i < tokens; i++) {
      Tensor single = kernels().tensor(1, rows);
      float[] row = Arrays.copyOfRange(x, i * columns, (i + 1) * columns);
      kernels().matmul(single, w, Tensors.of(kernels(), 1, columns, row));
      assertThat(Arrays.copyOfRange(together, i * rows, (i + 1) * rows))
          .as("row %d", i)
          .isEqualTo(Tensors.values(kernels(), single));
    }
  }
}
