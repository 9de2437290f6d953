package dev.chaski.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WarmUpTest {
  @Test
  void endsThoughNobodySaysWhatTheWeightsAre() {
    WarmUp.start().close();
    assertThat(threads()).isEmpty();
  }

  /** One row is all that a matrix must have, and its columns may be few. */
  @ParameterizedTest
  @EnumSource(TensorType.class)
  void runsOnRowsOfEveryType(TensorType type) {
    int columns = Math.max(64, type.blockSize());
    try (Arena arena = Arena.ofShared()) {
      MemorySegment data = arena.allocate(type.byteSize(columns));
      WarmUp warmUp = WarmUp.start();
      warmUp.weights(List.of(new WarmUp.Rows(type, columns, data)));
      warmUp.close();
      assertThat(threads()).isEmpty(); // so nobody reads the rows any more
    }
  }

  /** As where opening a model fails after its weights were found. */
  @Test
  void endsWhenTheRowsAreGone() {
    WarmUp warmUp = WarmUp.start();
    try (Arena arena = Arena.ofShared()) {
      MemorySegment data = arena.allocate(TensorType.Q8_0.byteSize(512));
      warmUp.weights(List.of(new WarmUp.Rows(TensorType.Q8_0, 256, data)));
    }
    warmUp.close();
    assertThat(threads()).isEmpty();
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(Thread::getName)
        .filter("chaski-warm-up"::equals)
        .toList();
  }
}
