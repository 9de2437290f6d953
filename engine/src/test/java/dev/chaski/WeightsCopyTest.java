package dev.chaski;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.chaski.format.FileAccess;
import dev.chaski.generate.GenerationOptions;
import dev.chaski.sample.SamplingOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models whose weights are copied into memory. */
class WeightsCopyTest {
  private static final GenerationOptions GREEDY =
      GenerationOptions.defaults().withSampling(SamplingOptions.greedy()).withMaxTokens(8);

  @TempDir Path folder;

  private Path write(String name, int bytes) throws IOException {
    return Files.write(folder.resolve(name), new byte[bytes]);
  }

  @Test
  void countsAllPartsAndNothingElse() throws IOException {
    Path part = write("m-00001-of-00002.gguf", 10);
    write("m-00002-of-00002.gguf", 20);
    Path other = write("other-00001-of-00002.gguf", 40);
    write("a.safetensors", 100);
    write("b.safetensors", 200);
    Path single = write("single.gguf", 400);
    assertThat(WeightsCopy.byteSize(part)).isEqualTo(30);
    assertThat(WeightsCopy.byteSize(other)).isEqualTo(40);
    assertThat(WeightsCopy.byteSize(single)).isEqualTo(400);
    assertThat(WeightsCopy.byteSize(folder)).isEqualTo(300);
    assertThat(WeightsCopy.byteSize(folder.resolve("none"))).isZero();
  }

  @Test
  void whatDoesNotFitIsRefusedBeforeItIsRead() throws IOException {
    Path file = write("model.gguf", 1001);
    WeightsCopy.requireFits(file, new MachineMemory(1001, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WeightsCopy.requireFits(file, new MachineMemory(1000, 1)))
        .withMessage(
            file
                + ": a copy in memory takes 0.0 GB, this machine has 0.0 GB; let the files be"
                + " mapped");
  }

  /** The file may even go while the model answers. */
  @Test
  void answersAreThoseOfTheMappedFile() throws IOException {
    Path file = folder.resolve("cria.gguf");
    Files.copy(ProjectFiles.embeddedModel(), file, StandardCopyOption.REPLACE_EXISTING);
    Options options = Options.defaults().withThreads(2);
    String expected;
    try (Chaski mapped = Chaski.open(file, options)) {
      expected = mapped.complete("The capital of Peru is", GREEDY, _ -> {}).text();
    }
    try (Chaski copied =
        Chaski.open(file, options.withWeightsAccess(FileAccess.IN_MEMORY).withThreads(1))) {
      Files.write(file, new byte[1]);
      assertThat(copied.complete("The capital of Peru is", GREEDY, _ -> {}).text())
          .isEqualTo(expected);
    }
  }
}
