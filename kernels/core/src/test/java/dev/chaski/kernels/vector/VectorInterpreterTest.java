package dev.chaski.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.kernels.EveryOperation;
import dev.chaski.kernels.ForkedJvm;
import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.parallel.WorkerPool;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Compiled vector code computes what the interpreter computes: else results would depend on when
 * the compiler comes.
 */
class VectorInterpreterTest {
  private static final int WARM_UP = 200;

  /** What the forked JVM runs: one line for each operation. */
  static final class PrintResults {
    private PrintResults() {}

    public static void main(String[] arguments) {
      try (Arena arena = Arena.ofShared();
          Kernels kernels = new VectorKernels(new WorkerPool(2))) {
        EveryOperation operations = new EveryOperation(arena, 2, 256, 0);
        System.out.println("width: " + Lanes.F.vectorBitSize());
        lines(operations.run(kernels)).forEach(System.out::println);
      }
    }
  }

  static List<String> lines(Map<String, float[]> results) {
    return results.entrySet().stream()
        .map(result -> result.getKey() + ": " + Arrays.hashCode(result.getValue()))
        .toList();
  }

  @Test
  void theInterpreterComputesTheSameBits() throws Exception {
    List<String> options = new ArrayList<>();
    options.add("--add-modules=jdk.incubator.vector");
    options.add("-Xint");
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("-XX:MaxVectorSize"))
        .forEach(options::add);
    List<String> interpreted = ForkedJvm.run(options, PrintResults.class).lines().toList();
    assertThat(interpreted).contains("width: " + Lanes.F.vectorBitSize());

    try (Arena arena = Arena.ofShared();
        Kernels kernels = new VectorKernels(new WorkerPool(2))) {
      EveryOperation operations = new EveryOperation(arena, 2, 256, 0);
      for (int i = 0; i < WARM_UP; i++) {
        operations.run(kernels);
      }
      assertThat(interpreted).containsAll(lines(operations.run(kernels)));
    }
  }
}
