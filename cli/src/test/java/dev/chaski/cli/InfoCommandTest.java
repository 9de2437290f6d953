package dev.chaski.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class InfoCommandTest {
  @Test
  void describesTheModelInside() {
    CommandRun run = CommandRun.of("info", "--kernels", "scalar");

    assertThat(run.out())
        .contains("Model        Cria\n")
        .contains("GGUF v3, 4.4 MiB")
        .contains("4,295,440, 8.52 bits each")
        .contains("5 of 256 values")
        .contains("8 heads of 32, 2 for keys and values")
        .contains("2,048 tokens, output tied to the embedding")
        .contains("Context      512 tokens\n")
        .contains("F16, 1.3 KiB a token, 640.0 KiB when full")
        .contains("stops at <|end_of_text|>, <|eot_id|>")
        .contains("the model's own template (default)")
        .containsPattern("Kernels +scalar: ")
        .containsPattern("not vector: ")
        .containsPattern("Q8_0 +36 +4,292,608 +8.50 +4.3 MiB")
        .containsPattern("F32 +12 +2,832 +32.00 +11.1 KiB");
    assertThat(run.out().lines()).allMatch(line -> line.length() <= 60);
    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
  }

  @Test
  void contextAndCacheAreThoseAskedFor() {
    assertThat(CommandRun.of("info", "-c", "100", "--kv", "f32").out())
        .contains("Context      100 tokens (made for 512)\n")
        .contains("F32, 2.5 KiB a token, 250.0 KiB when full");
  }

  @Test
  void modelWithoutTokenizerIsStillDescribed() {
    Path model = SharedFiles.require("vectors/models/stories260K-F32.gguf");
    CommandRun run = CommandRun.of("info", "-m", model.toString());

    assertThat(run.out()).contains("File         " + model).contains("Tokenizer    none: ");
    assertThat(run.status()).isZero();
  }
}
