package dev.chaski.model;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.chaski.SharedFiles;
import dev.chaski.kernels.TensorType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Logits and greedy continuations against a float64 reference, for every reference model whose
 * tensor types we read. Tolerances are those of the vectors' README, relative to the logits' RMS.
 */
class LogitsGoldenTest {
  /** These also with the plain kernels and a half precision cache, which are slow or all alike. */
  private static final Set<String> THOROUGH =
      Set.of("stories260K-F32", "stories260K-BF16", "stories260K-pad192-Q8_0");

  static Stream<Arguments> runs() throws IOException {
    Optional<Path> folder = SharedFiles.find("vectors/logits");
    assumeTrue(folder.isPresent(), "skipped: ../shared/vectors/logits is not here");
    List<Arguments> runs = new ArrayList<>();
    for (LogitsGolden golden : LogitsGolden.all(folder.get())) {
      runs.add(Arguments.of(golden, TensorType.F32, "vector"));
      if (THOROUGH.contains(golden.name())) {
        runs.add(Arguments.of(golden, TensorType.F32, "scalar"));
        runs.add(Arguments.of(golden, TensorType.F16, "vector"));
      }
    }
    return runs.stream();
  }

  @ParameterizedTest(name = "{0}, {1} cache, {2}")
  @MethodSource("runs")
  void agrees_with_the_float64_reference(LogitsGolden golden, TensorType kvType, String name)
      throws IOException {
    LogitsCheck.check(golden, kvType, name);
  }
}
