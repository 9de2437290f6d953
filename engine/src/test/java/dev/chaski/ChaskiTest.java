package dev.chaski;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.chaski.chat.ChatTemplate;
import dev.chaski.chat.TemplateOptions;
import dev.chaski.format.ModelFormatException;
import dev.chaski.format.UnsupportedModelException;
import dev.chaski.generate.FinishReason;
import dev.chaski.generate.Generation;
import dev.chaski.generate.GenerationListener;
import dev.chaski.generate.GenerationOptions;
import dev.chaski.kernels.TensorType;
import dev.chaski.load.LlamaGguf;
import dev.chaski.load.LlamaShape;
import dev.chaski.load.TinyVocabulary;
import dev.chaski.sample.SamplingOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChaskiTest {
  private static final GenerationOptions GREEDY =
      GenerationOptions.defaults().withSampling(SamplingOptions.greedy()).withMaxTokens(8);

  @TempDir Path folder;

  private static Chaski open(Options options) throws IOException {
    return Chaski.open(ProjectFiles.embeddedModel(), options);
  }

  private static Generation complete(Chaski chaski, String prompt) throws IOException {
    return chaski.complete(prompt, GREEDY, GenerationListener.NONE);
  }

  @Test
  void saysWhatItOpened() throws IOException {
    try (Chaski chaski = open(Options.defaults().withKernels("scalar"))) {
      assertThat(chaski.kernelsChoice().provider().name()).isEqualTo("scalar");
      assertThat(chaski.contextLength()).isEqualTo(512);
      assertThat(chaski.tokenizer().vocabSize()).isEqualTo(2048);
      assertThat(chaski.chatTemplate().description())
          .isEqualTo("the model's own template (default)");
      assertThat(chaski.loaded().info().name()).contains("Cria");
      assertThat(chaski.loaded().chatTemplate()).isPresent();
    }
    try (Chaski chaski = open(Options.defaults().withContextLength(77))) {
      assertThat(chaski.contextLength()).isEqualTo(77);
    }
  }

  @Test
  void continuesText() throws IOException {
    try (Chaski chaski = open(Options.defaults())) {
      Generation plain = complete(chaski, "Once upon a time");
      assertThat(plain.finishReason()).isEqualTo(FinishReason.MAX_TOKENS);
      assertThat(plain.tokens()).hasSize(8);
      int ids = chaski.tokenizer().encode("Once upon a time").length;
      assertThat(plain.statistics().promptTokens()).as("with a BOS").isEqualTo(ids + 1);
      Generation withBos = complete(chaski, "<|begin_of_text|>Once upon a time");
      assertThat(withBos.statistics().promptTokens()).as("with one BOS").isEqualTo(ids + 1);
      assertThat(withBos.tokens()).isEqualTo(plain.tokens());
      assertThat(complete(chaski, "").statistics().promptTokens()).isEqualTo(1);
      String asked =
          "<|start_header_id|>user<|end_header_id|>\n\nWhat is the capital of France?<|eot_id|>"
              + "<|start_header_id|>assistant<|end_header_id|>\n\n";
      Generation answer = chaski.complete(asked, GREEDY.withMaxTokens(50), GenerationListener.NONE);
      assertThat(answer.text()).isEqualTo("The capital of France is Paris.");
    }
  }

  /** Same seed, same text: also with other kernels' threads, and other prompt chunks. */
  @Test
  void theSeedDecides() throws IOException {
    Set<List<Integer>> texts = new HashSet<>();
    for (long seed = 1; seed <= 3; seed++) {
      List<Integer> expected = null;
      for (int threads = 1; threads <= 3; threads++) {
        try (Chaski chaski = open(Options.defaults().withThreads(threads))) {
          GenerationOptions sampled =
              GenerationOptions.defaults()
                  .withSampling(
                      SamplingOptions.unfiltered().toBuilder().temperature(1.3f).seed(seed).build())
                  .withMaxTokens(30);
          List<Integer> tokens =
              chaski
                  .complete("Once upon a time there was", sampled, GenerationListener.NONE)
                  .tokens();
          expected = expected == null ? tokens : expected;
          assertThat(tokens).as("seed %d, %d threads", seed, threads).isEqualTo(expected);
        }
      }
      texts.add(expected);
    }
    assertThat(texts).as("texts of different seeds").hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 512})
  void chunksOfThePromptMakeNoDifference(int prefillBatch) throws IOException {
    Options options = Options.defaults().withKvType(TensorType.F32).withPrefillBatch(prefillBatch);
    try (Chaski chaski = open(options);
        ChatSession session =
            chaski.chat(ChatOptions.defaults().withGeneration(GREEDY.withMaxTokens(50)))) {
      assertThat(session.send("What is the capital of France?").text())
          .isEqualTo("The capital of France is Paris.");
    }
  }

  /** Keys and values in 34 bytes for 32 values, 8.5 bits, instead of 16 bits. */
  @Test
  void aCacheInQ8_0SaysTheSameInHalfTheMemory() throws IOException {
    try (Chaski half = open(Options.defaults());
        Chaski chaski = open(Options.defaults().withKvType(TensorType.Q8_0));
        ChatSession session =
            chaski.chat(ChatOptions.defaults().withGeneration(GREEDY.withMaxTokens(50)))) {
      assertThat(session.send("What is the capital of France?").text())
          .isEqualTo("The capital of France is Paris.");
      assertThat(chaski.memoryPlan().cacheBytes())
          .isEqualTo(half.memoryPlan().cacheBytes() * 34 / 64);
    }
  }

  @Test
  void filesThatCannotBeOpened() throws IOException {
    Path missing = folder.resolve("missing.gguf");
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> Chaski.open(missing, Options.defaults()))
        .withMessageContaining(missing.toString());
    Path text = Files.writeString(folder.resolve("text.gguf"), "I am not a model at all.");
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> Chaski.open(text, Options.defaults()))
        .withMessageStartingWith(text + ": ");
    Path other =
        new LlamaGguf(LlamaShape.plain(), 1)
            .key("general.architecture", "gemma")
            .writeTo(folder.resolve("other.gguf"));
    assertThatExceptionOfType(UnsupportedModelException.class)
        .isThrownBy(() -> Chaski.open(other, Options.defaults()))
        .withMessage(other + ": the architecture is 'gemma', supported is 'llama'");
  }

  @Test
  void aModelWithoutAChatLayoutStillContinuesText() throws IOException {
    Path file = new LlamaGguf(LlamaShape.plain(), 1).writeTo(folder.resolve("base.gguf"));
    try (Chaski chaski = Chaski.open(file, Options.defaults())) {
      assertThatExceptionOfType(UnsupportedModelException.class)
          .isThrownBy(() -> chaski.chat(ChatOptions.defaults()))
          .withMessage(
              file
                  + ": there is no chat template, and the vocabulary has the special tokens of no"
                  + " layout we know (Llama 3, ChatML); give a template, or continue plain text"
                  + " instead");
      assertThat(complete(chaski, "abc").tokens()).isNotEmpty();
    }
  }

  @Test
  void aModelWithoutATemplateGetsOneByItsSpecialTokens() throws IOException {
    List<String> tokens = new ArrayList<>(TinyVocabulary.tokens().subList(0, 256));
    tokens.addAll(List.of("<|im_start|>", "<|im_end|>", "<|reserved|>"));
    Path file =
        new LlamaGguf(LlamaShape.plain(), 1)
            .key("tokenizer.ggml.tokens", tokens)
            .key("tokenizer.ggml.add_bos_token", false)
            .writeTo(folder.resolve("chatml.gguf"));
    ChatOptions options = ChatOptions.defaults().withGeneration(GREEDY.withMaxTokens(1));
    try (Chaski chaski = Chaski.open(file, Options.defaults());
        ChatSession session = chaski.chat(options);
        ChatSession given =
            chaski.chat(options.withTemplate(TemplateOptions.defaults().withSource("abc")))) {
      assertThat(session.template().origin()).isEqualTo(ChatTemplate.Origin.GUESS);
      assertThat(session.template().description()).startsWith("chatml layout, guessed");
      int plain = "user\nHi\nassistant\n".length();
      assertThat(session.send("Hi").statistics().promptTokens()).isEqualTo(plain + 3);
      assertThat(given.template().origin()).isEqualTo(ChatTemplate.Origin.CALLER);
      assertThat(given.send("Hi").statistics().promptTokens()).isEqualTo(3);
    }
  }

  @Test
  void aModelWithoutATokenizerSaysWhy() throws IOException {
    Path file =
        new LlamaGguf(LlamaShape.plain(), 1)
            .key("tokenizer.ggml.model", "llama")
            .writeTo(folder.resolve("other.gguf"));
    try (Chaski chaski = Chaski.open(file, Options.defaults())) {
      assertThat(chaski.loaded().hasTokenizer()).isFalse();
      assertThatExceptionOfType(UnsupportedModelException.class)
          .isThrownBy(() -> complete(chaski, "abc"))
          .withMessageContaining("the tokenizer is of kind 'llama'");
      assertThatExceptionOfType(UnsupportedModelException.class)
          .isThrownBy(() -> chaski.chat(ChatOptions.defaults()));
    }
  }

  @Test
  void optionsThatCannotBe() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> open(Options.defaults().withKernels("quantum")))
        .withMessageContaining("no kernels called 'quantum'")
        .withMessageContaining("scalar");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> open(Options.defaults().withThreads(0)))
        .withMessage("threads must be 1 to 1024, not 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.defaults().withContextLength(-1))
        .withMessage("contextLength is -1, it must be 0 (the model's) or more");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.defaults().withKvType(TensorType.Q4_0))
        .withMessage("kvType is Q4_0, it must be F16, F32 or Q8_0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.defaults().withPrefixCacheBytes(-1))
        .withMessage("prefixCacheBytes is -1, it must be 0 (none) or more");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.defaults().withPrefillBatch(0))
        .withMessage("prefillBatch is 0, at least 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.defaults().withGpuLayers(-1))
        .withMessage("gpuLayers is -1, it must be 0 (none) or more");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> open(Options.defaults().withKernels("scalar").withGpuLayers(4)))
        .withMessage(
            "4 layers shall be on a device (--gpu-layers), but kernels 'scalar' compute on the"
                + " processor; choose those of a device, such as --kernels tornado");
  }

  @Test
  void noLayersOnADeviceIsNothingToRefuse() throws IOException {
    try (Chaski chaski = open(Options.defaults().withKernels("scalar").withGpuLayers(0))) {
      assertThat(chaski.kernelsChoice().provider().name()).isEqualTo("scalar");
    }
  }

  @Test
  void aClosedModelSaysSo() throws IOException {
    Chaski chaski = open(Options.defaults());
    ChatSession session = chaski.chat(ChatOptions.defaults());
    chaski.close();
    chaski.close();
    assertThatIllegalStateException().isThrownBy(() -> session.send("Hello!"));
    session.close();
  }
}
