package dev.chaski.model;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.chaski.SharedFiles;
import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.tornado.TornadoDeviceHere;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** As {@code LogitsGoldenTest}, on the first device of TornadoVM. */
class TornadoLogitsTest {
  @BeforeAll
  static void needsADevice() {
    TornadoDeviceHere.assume();
  }

  static Stream<Arguments> runs() throws IOException {
    Optional<Path> folder = SharedFiles.find("vectors/logits");
    assumeTrue(folder.isPresent(), "skipped: ../shared/vectors/logits is not here");
    List<Arguments> runs = new ArrayList<>();
    for (LogitsGolden golden : LogitsGolden.all(folder.get())) {
      runs.add(Arguments.of(golden, TensorType.F32));
      if (golden.name().endsWith("Q8_0") || golden.name().startsWith("cria")) {
        runs.add(Arguments.of(golden, TensorType.F16));
      }
    }
    return runs.stream();
  }

  @ParameterizedTest(name = "{0}, {1} cache")
  @MethodSource("runs")
  void agreesWithTheFloat64Reference(LogitsGolden golden, TensorType kvType) throws IOException {
    LogitsCheck.check(golden, kvType, "tornado");
  }
}
