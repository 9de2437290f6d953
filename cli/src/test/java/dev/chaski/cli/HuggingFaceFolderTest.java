package dev.chaski.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the settings in a checkpoint's folder do. */
class HuggingFaceFolderTest {
  @TempDir private Path folder;

  @BeforeEach
  void linkCheckpoint() throws IOException {
    try (Stream<Path> files = Files.list(SharedFiles.require("models/cria-hf/fp8-dynamic"))) {
      for (Path file : files.toList()) {
        if (file.toString().endsWith(".safetensors")) {
          Files.createSymbolicLink(folder.resolve(file.getFileName()), file);
        } else {
          Files.write(folder.resolve(file.getFileName()), Files.readAllBytes(file));
        }
      }
    }
  }

  private CommandRun run(String... rest) {
    return CommandRun.of(
        Stream.concat(
                Stream.of("run", "-q", "-m", folder.toString(), "-p", "Tell me a story."),
                Stream.of(rest))
            .toArray(String[]::new));
  }

  private void sampling(String json) throws IOException {
    Files.writeString(folder.resolve("generation_config.json"), json);
  }

  @Test
  void theAuthorsSamplingIsUsedUnlessAnotherIsGiven() throws IOException {
    sampling("{\"do_sample\": false}");
    String greedy = run("--temp", "0").out();
    assertThat(run("-s", "1").out()).isEqualTo(run("-s", "2").out()).isEqualTo(greedy);
    assertThat(run("-s", "1", "--temp", "5", "--min-p", "0").out()).isNotEqualTo(greedy);
    sampling("{\"temperature\": 5.0, \"min_p\": 0.0}");
    assertThat(run("-s", "1").out()).isNotEqualTo(greedy);
    assertThat(run("-s", "1", "--temp", "0").out()).isEqualTo(greedy);
  }

  @Test
  void theAuthorsSamplingIsShown() throws IOException {
    assertThat(CommandRun.of("info", "-m", folder.toString()).out())
        .contains("Sampling     temperature 0.6, top-p 0.9, says the author\n");
    String[] stats = {"chat", "-m", folder.toString()};
    assertThat(CommandRun.withInput("/stats\n", stats).err())
        .contains("Sampling: temperature 0.6, top-k 40, top-p 0.9, min-p 0.05\n");
    sampling("{\"do_sample\": false, \"repetition_penalty\": 1.25}");
    assertThat(CommandRun.withInput("/stats\n", stats).err())
        .contains("Sampling: always the likeliest token, repetition penalty 1.25\n");
  }

  @Test
  void wrongSamplingIsNamed() throws IOException {
    sampling("{\"top_p\": 2.0}");
    CommandRun run = run();
    assertThat(run.err())
        .startsWith("chaski: " + folder.resolve("generation_config.json") + ": ")
        .contains("top_p for sampling is 2.0");
    assertThat(run.status()).isEqualTo(ExitStatus.FAILURE);
  }
}
