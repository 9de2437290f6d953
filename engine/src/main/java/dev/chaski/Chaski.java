package dev.chaski;

import dev.chaski.chat.ChatEncoder;
import dev.chaski.chat.ChatTemplate;
import dev.chaski.chat.ChatTemplateException;
import dev.chaski.chat.TemplateOptions;
import dev.chaski.chat.tool.ToolCallScanner;
import dev.chaski.chat.tool.ToolChoice;
import dev.chaski.format.FileAccess;
import dev.chaski.format.UnsupportedModelException;
import dev.chaski.generate.Embedder;
import dev.chaski.generate.Generation;
import dev.chaski.generate.GenerationListener;
import dev.chaski.generate.GenerationOptions;
import dev.chaski.generate.Generator;
import dev.chaski.generate.Pooling;
import dev.chaski.generate.ResponseConstraints;
import dev.chaski.generate.SharedPrefixes;
import dev.chaski.generate.Speculation;
import dev.chaski.kernels.KernelsChoice;
import dev.chaski.kernels.WarmUp;
import dev.chaski.load.DefaultSampling;
import dev.chaski.load.LoadedModel;
import dev.chaski.load.LoadedTokenizer;
import dev.chaski.load.ModelLoader;
import dev.chaski.load.WeightsListener;
import dev.chaski.model.KvCache;
import dev.chaski.sample.SamplingOptions;
import dev.chaski.tokenizer.BpeTokenizer;
import dev.chaski.tokenizer.SpecialTokens;
import dev.chaski.tokenizer.TokenBuffer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Flow;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * An open model. Safe to share between threads, every method of it: calls that overlap give what
 * they would give alone, bit for bit, and take turns on the model's threads. Each conversation is a
 * {@link ChatSession} of its own, which is for one thread at a time. Close the model after its
 * sessions.
 *
 * <pre>{@code
 * try (Chaski chaski = Chaski.open(Path.of("model.gguf"), Options.defaults());
 *     ChatSession chat = chaski.chat(ChatOptions.defaults())) {
 *   chat.send("What is the capital of Peru?", System.out::print);
 * }
 * }</pre>
 */
public final class Chaski implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Chaski.class.getName());

  private final Options options;
  private final ModelKernels kernels;
  private final Runnable closeKernels;
  private final LoadedModel loaded;
  private final MemoryPlan memoryPlan;
  private final SharedPrefixes sharedPrefixes;
  private ResponseConstraints constraints; // shared by all sessions; made with the first

  private Chaski(
      Options options,
      ModelKernels kernels,
      Runnable closeKernels,
      LoadedModel loaded,
      MemoryPlan memoryPlan) {
    this.options = options;
    this.kernels = kernels;
    this.closeKernels = closeKernels;
    this.loaded = loaded;
    this.memoryPlan = memoryPlan;
    this.sharedPrefixes = new SharedPrefixes(loaded.model(), options.prefixCacheBytes());
  }

  /**
   * Opens a model. Its weights stay in the mapped file, unless the options say otherwise; only what
   * is used is read. What it and a session will take of the machine's memory is planned before:
   * {@link #memoryPlan}.
   *
   * @param model a GGUF file, or any part of a split one; or the folder of a Hugging Face
   *     checkpoint, or a safetensors file in it
   * @throws IllegalArgumentException if the kernels asked for do not exist or cannot work here, or
   *     the memory of the machine cannot hold the context asked for, or the copy of the weights, or
   *     that of the device its layers, context and scratch; the message says how many it could
   * @throws dev.chaski.format.ModelFormatException if the file is broken
   * @throws UnsupportedModelException if it is of a kind we do not run
   * @throws IOException if it cannot be read
   */
  public static Chaski open(Path model, Options options) throws IOException {
    return open(model, options, WeightsListener.NONE);
  }

  /**
   * As {@link #open(Path, Options)}, beside a warm-up that was started a moment before: it hears
   * what the weights are, and ends when the model is open.
   */
  public static Chaski open(Path model, Options options, WarmUp warmUp) throws IOException {
    try (warmUp) {
      Chaski chaski = open(model, options, warmUp::weights);
      warmUp.await();
      return chaski;
    }
  }

  private static Chaski open(Path model, Options options, WeightsListener listener)
      throws IOException {
    if (options.weightsAccess() == FileAccess.IN_MEMORY) {
      WeightsCopy.requireFits(model, MachineMemory.current());
    }
    ModelKernels kernels = ModelKernels.open(options);
    try {
      return open(model, options, listener, kernels, kernels::close);
    } catch (Throwable e) {
      kernels.close();
      throw e;
    }
  }

  /**
   * Opens another model that computes on this one's threads, as models should that take turns: one
   * that drafts for this one, see {@link #asDraft}. Close it before this one.
   *
   * @throws IOException as {@link #open}, which see for the rest
   */
  public Chaski openBeside(Path model) throws IOException {
    return open(model, options, WeightsListener.NONE, kernels, () -> {});
  }

  private static Chaski open(
      Path model,
      Options options,
      WeightsListener listener,
      ModelKernels kernels,
      Runnable closeKernels)
      throws IOException {
    LoadedModel loaded =
        ModelLoader.load(model, kernels.placement(), options.weightsAccess(), listener);
    try {
      return new Chaski(options, kernels, closeKernels, loaded, plan(loaded, options));
    } catch (Throwable e) {
      loaded.close();
      throw e;
    }
  }

  private static MemoryPlan plan(LoadedModel loaded, Options options) {
    MemoryPlan plan =
        MemoryPlan.of(
                loaded.model().config(), loaded.info().byteSize(), options, MachineMemory.current())
            .with(DevicePlan.of(loaded.model(), options));
    Optional<String> refusal = plan.refusal();
    if (refusal.isPresent()) {
      throw new IllegalArgumentException(refusal.get());
    }
    plan.warning().ifPresent(warning -> LOG.log(System.Logger.Level.INFO, warning));
    return plan;
  }

  /** The model with what its file brings. */
  public LoadedModel loaded() {
    return loaded;
  }

  /** What computes, and why. */
  public KernelsChoice kernelsChoice() {
    return kernels.choice();
  }

  /**
   * The tokenizer of the model.
   *
   * @throws UnsupportedModelException if the file's is of a kind we do not read
   */
  public BpeTokenizer tokenizer() throws UnsupportedModelException {
    return loaded.tokenizer().tokenizer();
  }

  /** What the model and one session take of the machine's memory. */
  public MemoryPlan memoryPlan() {
    return memoryPlan;
  }

  /**
   * Positions of a session: what the options say, or else what the model was made for, as far as
   * the machine's memory goes.
   */
  public int contextLength() {
    return memoryPlan.contextLength();
  }

  /** How the model's author samples from it; what the file leaves open is as everywhere. */
  public SamplingOptions defaultSampling() {
    DefaultSampling wanted = loaded.defaultSampling();
    SamplingOptions.Builder sampling = SamplingOptions.builder();
    wanted.temperature().ifPresent(sampling::temperature);
    wanted.topK().ifPresent(sampling::topK);
    wanted.topP().ifPresent(sampling::topP);
    wanted.minP().ifPresent(sampling::minP);
    wanted.repetitionPenalty().ifPresent(sampling::repetitionPenalty);
    return sampling.build();
  }

  /**
   * Starts a conversation.
   *
   * @throws UnsupportedModelException if we cannot read the file's tokenizer, or do not know how
   *     its model wants conversations written
   * @throws ChatTemplateException if the caller's template is not one we understand
   */
  public ChatSession chat(ChatOptions chatOptions) throws UnsupportedModelException {
    LoadedTokenizer tokenizer = loaded.tokenizer();
    ChatTemplate template = chatTemplate(chatOptions.template());
    if (template.origin() == ChatTemplate.Origin.GUESS) {
      LOG.log(System.Logger.Level.WARNING, "Chat: {0}", template.description());
    }
    ChatEncoder encoder =
        new ChatEncoder(tokenizer.tokenizer(), tokenizer.bos(), template, chatOptions.template());
    return new ChatSession(
        newGenerator(shownTokens(chatOptions)),
        encoder,
        new SessionFile(loaded.info().name().orElse("a model without a name"), loaded::fingerprint),
        chatOptions);
  }

  /**
   * How the model wants conversations written: its own template, or one for its special tokens.
   *
   * @throws UnsupportedModelException if we cannot read the file's tokenizer, or it has no template
   *     that we understand and not the special tokens of a layout we know
   */
  public ChatTemplate chatTemplate() throws UnsupportedModelException {
    Map<String, String> sources = loaded.chatTemplates();
    if (sources.isEmpty()) {
      return ChatTemplate.guess(tokenizer())
          .orElseThrow(() ->
              unsupported(
                  "there is no chat template, and the vocabulary has the special tokens of no"
                      + " layout we know (Llama 3, ChatML); give a template, or continue plain"
                      + " text instead"));
    }
    try {
      return ChatTemplate.ofCheckpoint(sources, loaded.tokenizer().namedTokens());
    } catch (ChatTemplateException e) {
      throw unsupported(e.getMessage());
    }
  }

  private ChatTemplate chatTemplate(TemplateOptions options) throws UnsupportedModelException {
    return options.source().isPresent()
        ? ChatTemplate.ofCaller(options.source().get(), loaded.tokenizer().namedTokens())
        : chatTemplate();
  }

  private UnsupportedModelException unsupported(String reason) {
    return new UnsupportedModelException(loaded.info().files().getFirst(), reason);
  }

  /**
   * Continues a text, as it is. Special tokens in it are understood; the token that begins a text
   * is added if the model wants one.
   *
   * @throws UnsupportedModelException if we cannot read the file's tokenizer
   * @throws IllegalArgumentException if the prompt is empty or longer than the context
   */
  public Generation complete(
      String prompt, GenerationOptions generation, GenerationListener listener)
      throws UnsupportedModelException {
    int[] ids = promptIds(prompt);
    try (Generator generator = newGenerator(Set.of())) {
      return generator.generate(ids, generation, listener);
    }
  }

  /**
   * As {@link #complete}, in several ways at once, see {@link Generator#generateSeveral}: answer
   * {@code i} is the one that {@code complete} would give with {@code seed + i}.
   *
   * @param count answers, at least 1
   * @param listeners who hears of each, counted from 0; all of them hear of the prompt
   */
  public List<Generation> completeSeveral(
      String prompt,
      int count,
      GenerationOptions generation,
      IntFunction<? extends GenerationListener> listeners)
      throws UnsupportedModelException {
    int[] ids = promptIds(prompt);
    try (Generator generator = newGenerator(Set.of())) {
      return generator.generateSeveral(ids, 0, count, generation, listeners);
    }
  }

  /** A text as it is, with what begins every text. */
  private int[] promptIds(String prompt) throws UnsupportedModelException {
    LoadedTokenizer tokenizer = loaded.tokenizer();
    TokenBuffer ids = new TokenBuffer();
    tokenizer.tokenizer().encode(prompt, SpecialTokens.PARSE, ids);
    int[] encoded = ids.toArray();
    TokenBuffer withBos = new TokenBuffer();
    if (tokenizer.bos().isPresent()
        && (encoded.length == 0 || encoded[0] != tokenizer.bos().getAsInt())) {
      withBos.add(tokenizer.bos().getAsInt());
    }
    withBos.addAll(encoded);
    return withBos.toArray();
  }

  /**
   * As {@link #complete}, with the text as a stream of its pieces, generated as they are taken, on
   * a thread of its own. Use it in a try-with-resources block: closed before the end, it stops the
   * generation.
   *
   * @return nothing happens before its first piece is taken; what {@code complete} would throw, it
   *     throws then, wrapped if it is checked
   */
  public Stream<String> stream(String prompt, GenerationOptions generation) {
    return TextStream.of(listener -> complete(prompt, generation, listener));
  }

  /**
   * As {@link #stream}, for those who want to be called: subscribing (once) starts the generation,
   * pieces come as fast as they are requested, on a thread of the text's own.
   */
  public Flow.Publisher<String> publish(String prompt, GenerationOptions generation) {
    return new TextPublisher(listener -> complete(prompt, generation, listener));
  }

  /**
   * How many tokens a text takes in a message, where special tokens are text. What the chat
   * template adds is not counted, see {@link ChatSession#countTokens}.
   *
   * @throws UnsupportedModelException if we cannot read the file's tokenizer
   */
  public int countTokens(String text) throws UnsupportedModelException {
    return tokenizer().encode(text).length;
  }

  /**
   * A vector for a text, to compare it with others: the model's last hidden states, pooled. Models
   * that were made for chats place related texts near each other, but not as well as those made for
   * it.
   *
   * @param text special tokens in it are text; the token that begins a text is added if the model
   *     wants one
   * @return (hidden), of length 1: the dot product of two is their cosine
   * @throws UnsupportedModelException if we cannot read the file's tokenizer
   * @throws IllegalArgumentException if the text is longer than the context, or without any token
   * @throws dev.chaski.sample.UnusableLogitsException if the model computed NaN or infinity, with
   *     the layer
   */
  public float[] embed(String text, Pooling pooling) throws UnsupportedModelException {
    LoadedTokenizer tokenizer = loaded.tokenizer();
    TokenBuffer tokens = new TokenBuffer();
    tokenizer.bos().ifPresent(tokens::add);
    tokens.addAll(tokenizer.tokenizer().encode(text));
    try (KvCache cache = loaded.model().newCache(options.kvType(), contextLength())) {
      return new Embedder(loaded.model(), options.prefillBatch())
          .embed(tokens.toArray(), pooling, cache);
    }
  }

  /**
   * This model as one that guesses for a larger one of the same vocabulary. Close it after the
   * sessions that use it.
   *
   * @param maxTokens tokens of a draft, 1 to {@value Speculation#MAX_TOKENS}
   * @throws UnsupportedModelException if we cannot read the file's tokenizer
   */
  public Speculation asDraft(int maxTokens) throws UnsupportedModelException {
    return new Speculation.DraftModel(loaded.model(), tokenizer(), maxTokens);
  }

  /** The special tokens that tool calls are written with. */
  private Set<Integer> shownTokens(ChatOptions chatOptions) throws UnsupportedModelException {
    Set<Integer> shown = new HashSet<>();
    if (chatOptions.withToolChoice(ToolChoice.auto()).expectsToolCalls()) { // it may change
      for (String marker : ToolCallScanner.markers()) {
        tokenizer().id(marker).ifPresent(shown::add);
      }
    }
    return shown;
  }

  private Generator newGenerator(Set<Integer> shownTokens) throws UnsupportedModelException {
    LoadedTokenizer tokenizer = loaded.tokenizer();
    KvCache cache = loaded.model().newCache(options.kvType(), contextLength());
    return new Generator(
        loaded.model(),
        tokenizer.tokenizer(),
        tokenizer.stops(),
        shownTokens,
        constraints(tokenizer),
        sharedPrefixes,
        cache,
        options.prefillBatch());
  }

  private synchronized ResponseConstraints constraints(LoadedTokenizer tokenizer) {
    if (constraints == null) {
      constraints = new ResponseConstraints(tokenizer.tokenizer(), tokenizer.stops());
    }
    return constraints;
  }

  /** Unmaps the file and stops the threads. */
  @Override
  public void close() {
    sharedPrefixes.close();
    loaded.close();
    closeKernels.run();
  }
}
