package dev.chaski.generate;

import dev.chaski.ProjectFiles;
import dev.chaski.chat.ChatEncoder;
import dev.chaski.chat.ChatTemplate;
import dev.chaski.chat.Message;
import dev.chaski.chat.TemplateOptions;
import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KernelsChoice;
import dev.chaski.kernels.KernelsOptions;
import dev.chaski.kernels.TensorType;
import dev.chaski.load.GgufLoader;
import dev.chaski.load.LoadedModel;
import dev.chaski.load.LoadedTokenizer;
import dev.chaski.model.LlamaModel;
import dev.chaski.model.LlamaWeights;
import dev.chaski.model.Placement;
import dev.chaski.sample.SamplingOptions;
import dev.chaski.tokenizer.BpeTokenizer;
import java.io.IOException;
import java.util.List;

/** The embedded model, with a prefill of 4 tokens at a time. */
final class Cria implements AutoCloseable {
  static final int PREFILL = 4;

  /** Questions whose answers are short and long, repetitive and not, sure and unsure. */
  static final List<String> QUESTIONS =
      List.of(
          "What is the capital of France?",
          "What is the capital of Peru?",
          "Count to 10.",
          "Count to 20.",
          "Repeat this: Flower navy Quigoth 664 pizza Flower navy Quigoth 664 pizza",
          "Repeat this: la la la la la la la la la la la la",
          "Write a haiku about the sea.",
          "Write a haiku about the moon.",
          "Translate \"father\" into French.",
          "Who are you?",
          "My name is Ada. What is my name?",
          "What is 2 plus 3?",
          "Write JSON with the name Ada and the age 36.",
          "Tell me a story.",
          "Say hello in Spanish, in French, in German and in Italian.",
          "Hello!");

  private final Kernels kernels;
  private final LoadedModel loaded;

  private Cria(Kernels kernels, LoadedModel loaded) {
    this.kernels = kernels;
    this.loaded = loaded;
  }

  static Cria open(String kernelsName) throws IOException {
    Kernels kernels = KernelsChoice.named(kernelsName).provider().create(new KernelsOptions(2));
    return new Cria(kernels, GgufLoader.load(ProjectFiles.embeddedModel(), kernels));
  }

  LlamaModel model() {
    return loaded.model();
  }

  BpeTokenizer tokenizer() throws IOException {
    return loaded.tokenizer().tokenizer();
  }

  /** Its first layers with its output: says much the same, or nothing like it. */
  LlamaModel firstLayers(int count) {
    LlamaWeights all = model().weights();
    LlamaWeights some =
        new LlamaWeights(
            all.tokenEmbedding(),
            all.layers().subList(0, count),
            all.outputNorm(),
            all.output(),
            all.isTied());
    return new LlamaModel(model().config(), some, Placement.on(kernels));
  }

  Generator generator(int context) throws IOException {
    LoadedTokenizer tokenizer = loaded.tokenizer();
    return new Generator(
        model(),
        tokenizer.tokenizer(),
        tokenizer.stops(),
        model().newCache(TensorType.F16, context),
        PREFILL);
  }

  int[] prompt(String question) throws IOException {
    LoadedTokenizer tokenizer = loaded.tokenizer();
    return new ChatEncoder(
            tokenizer.tokenizer(),
            tokenizer.bos(),
            ChatTemplate.guess(tokenizer.tokenizer()).orElseThrow(),
            TemplateOptions.defaults())
        .encode(List.of(Message.user(question)));
  }

  static GenerationOptions greedy() {
    return GenerationOptions.defaults().withSampling(SamplingOptions.greedy()).withMaxTokens(60);
  }

  static GenerationOptions sampled(long seed) {
    return greedy()
        .withSampling(
            SamplingOptions.unfiltered().toBuilder()
                .temperature(1.3f)
                .repetitionPenalty(1.1f)
                .seed(seed)
                .build());
  }

  @Override
  public void close() {
    loaded.close();
    kernels.close();
  }
}
