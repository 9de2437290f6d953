package dev.chaski.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The same question has the same answer, to the last bit. */
interface RepeatabilityContract extends ProviderFixture {
  /** Enough bytes for several tasks of any thread. */
  long MANY_BYTES = 400_000;

  /** How often the code runs until whatever replaces it underneath has done so. */
  default int runs() {
    return 300;
  }

  /** Numbers of threads to compare with one. */
  default int[] threadCounts() {
    return new int[] {2, 3, 7};
  }

  @Test
  default void resultsDoNotDependOnTheNumberOfThreads() {
    EveryOperation operations = new EveryOperation(arena(), 21, 2048, MANY_BYTES);
    Map<String, float[]> expected;
    try (Kernels alone = create(1)) {
      expected = operations.run(alone);
    }
    for (int threads : threadCounts()) {
      try (Kernels together = create(threads)) {
        assertSameBits(operations.run(together), expected, threads + " threads");
      }
    }
  }

  /** While the compiler replaces the code underneath. */
  @Test
  default void resultsDoNotDependOnHowOftenTheCodeRan() {
    EveryOperation operations = new EveryOperation(arena(), 3, 256, 0);
    Map<String, float[]> expected = operations.run(kernels());
    for (int i = 1; i < runs(); i++) {
      assertSameBits(operations.run(kernels()), expected, "run " + i);
    }
  }

  private static void assertSameBits(
      Map<String, float[]> actual, Map<String, float[]> expected, String when) {
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    expected.forEach((operation, values) -> {
      float[] others = actual.get(operation);
      assertThat(others).hasSameSizeAs(values);
      for (int i = 0; i < values.length; i++) {
        if (Float.floatToRawIntBits(values[i]) != Float.floatToRawIntBits(others[i])) {
          fail("%s [%d], %s: %s instead of %s", operation, i, when, others[i], values[i]);
        }
      }
    });
  }
}
