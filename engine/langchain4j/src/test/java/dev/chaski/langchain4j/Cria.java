package dev.chaski.langchain4j;

import dev.chaski.Chaski;
import dev.chaski.Options;
import dev.chaski.generate.GenerationOptions;
import dev.chaski.sample.SamplingOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The model that comes with the command line. */
final class Cria {
  static final GenerationOptions GREEDY =
      GenerationOptions.defaults().withSampling(SamplingOptions.greedy());

  private Cria() {}

  static Path projectRoot() {
    return Stream.iterate(
            Path.of("").toAbsolutePath(), folder -> folder != null, folder -> folder.getParent())
        .filter(folder -> Files.isDirectory(folder.resolve(".mvn")))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no folder with .mvn above here"));
  }

  static Chaski open() throws IOException {
    return Chaski.open(
        projectRoot().resolve("cli/src/main/resources/dev/chaski/cli/cria/cria-q8_0.gguf"),
        Options.defaults().withThreads(2));
  }
}
