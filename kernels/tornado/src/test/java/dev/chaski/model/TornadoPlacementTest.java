package dev.chaski.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.chaski.Chaski;
import dev.chaski.Options;
import dev.chaski.SharedFiles;
import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KernelsChoice;
import dev.chaski.kernels.KernelsOptions;
import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.tornado.TornadoDeviceHere;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** As {@code PlacementTest}, with the last layers on the first device of TornadoVM. */
class TornadoPlacementTest {
  private static final int MORE_THAN_THERE_ARE = 99;

  @BeforeAll
  static void needsADevice() {
    TornadoDeviceHere.assume();
  }

  @ParameterizedTest(name = "{0} layers on the device")
  @ValueSource(ints = {0, 1, 3, 5, MORE_THAN_THERE_ARE})
  void agreesWithTheFloat64ReferenceWhereverTheBorderIs(int layers) throws IOException {
    LogitsGolden golden = golden();
    KernelsOptions options = new KernelsOptions(2);
    try (Kernels vector = KernelsChoice.named("vector").provider().create(options);
        Kernels device = KernelsChoice.named("tornado").provider().create(options)) {
      assertThat(device.deviceSpace()).isPresent();
      LogitsCheck.check(golden, TensorType.F32, Placement.split(vector, device, layers));
    }
  }

  /** All weights lie in several arrays, as those of more than 1 GiB do. */
  @Test
  void agreesWithTheFloat64ReferenceInParts() throws IOException {
    LogitsGolden golden = golden();
    long rowsOfPart = 147;
    int bytes = (int) TensorType.Q8_0.byteSize(rowsOfPart * 192);
    try (Kernels device = TornadoDeviceHere.withArraysOf(bytes)) {
      LogitsCheck.check(golden, TensorType.F32, Placement.on(device));
    }
  }

  /** Kernels that compute nothing are not named. */
  @ParameterizedTest
  @CsvSource({"0, vector", "2, tornado"})
  void theKernelsOfTheOutputAreNamed(int layers, String name) throws IOException {
    Path file = SharedFiles.require("vectors/models/stories260K-pad192-Q8_0.gguf");
    Options options = Options.defaults().withKernels("tornado").withGpuLayers(layers);
    try (Chaski chaski = Chaski.open(file, options)) {
      assertThat(chaski.kernelsChoice().provider().name()).isEqualTo(name);
      assertThat(chaski.loaded().model().kernels().name()).isEqualTo(name);
      assertThat(chaski.loaded().model().kernelsDescription().contains("2 of 5 layers"))
          .isEqualTo(layers == 2);
    }
  }

  private static LogitsGolden golden() throws IOException {
    Optional<Path> folder = SharedFiles.find("vectors/logits");
    assumeTrue(folder.isPresent(), "skipped: ../shared/vectors/logits is not here");
    return LogitsGolden.all(folder.get()).stream()
        .filter(one -> one.name().equals("stories260K-pad192-Q8_0"))
        .findFirst()
        .orElseThrow();
  }
}
