package dev.chaski;

import dev.chaski.chat.ChatEncoder;
import dev.chaski.chat.ChatTemplate;
import dev.chaski.format.UnsupportedModelException;
import dev.chaski.generate.Generation;
import dev.chaski.generate.GenerationListener;
import dev.chaski.generate.GenerationOptions;
import dev.chaski.generate.Generator;
import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KernelsChoice;
import dev.chaski.kernels.KernelsOptions;
import dev.chaski.load.DefaultSampling;
import dev.chaski.load.LoadedModel;
import dev.chaski.load.LoadedTokenizer;
import dev.chaski.load.ModelLoader;
import dev.chaski.model.KvCache;
import dev.chaski.sample.SamplingOptions;
import dev.chaski.tokenizer.BpeTokenizer;
import dev.chaski.tokenizer.SpecialTokens;
import dev.chaski.tokenizer.TokenBuffer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An open model. Safe to share between threads; each conversation is a {@link ChatSession} of its
 * own, which is not. Close it after its sessions.
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
  private final KernelsChoice choice;
  private final Kernels kernels;
  private final LoadedModel loaded;
  private final MemoryPlan memoryPlan;

  private Chaski(
      Options options,
      KernelsChoice choice,
      Kernels kernels,
      LoadedModel loaded,
      MemoryPlan memoryPlan) {
    this.options = options;
    this.choice = choice;
    this.kernels = kernels;
    this.loaded = loaded;
    this.memoryPlan = memoryPlan;
  }

  /**
   * Opens a model. Its weights stay in the mapped file; only what is used is read. What it and a
   * session will take of the machine's memory is planned before: {@link #memoryPlan}.
   *
   * @param model a GGUF file, or any part of a split one; or the folder of a Hugging Face
   *     checkpoint, or a safetensors file in it
   * @throws IllegalArgumentException if the kernels asked for do not exist or cannot work here, or
   *     the memory of the machine cannot hold the context asked for
   * @throws dev.chaski.format.ModelFormatException if the file is broken
   * @throws UnsupportedModelException if it is of a kind we do not run
   * @throws IOException if it cannot be read
   */
  public static Chaski open(Path model, Options options) throws IOException {
    KernelsChoice choice =
        options.kernels().map(KernelsChoice::named).orElseGet(KernelsChoice::best);
    Kernels kernels = choice.provider().create(new KernelsOptions(options.threads()));
    try {
      LoadedModel loaded = ModelLoader.load(model, kernels);
      try {
        MemoryPlan plan = plan(loaded, options);
        return new Chaski(options, choice, kernels, loaded, plan);
      } catch (Throwable e) {
        loaded.close();
        throw e;
      }
    } catch (Throwable e) {
      kernels.close();
      throw e;
    }
  }

  private static MemoryPlan plan(LoadedModel loaded, Options options) {
    MemoryPlan plan =
        MemoryPlan.of(
            loaded.model().config(), loaded.info().byteSize(), options, MachineMemory.current());
    Optional<String> refusal = plan.refusal();
    if (refusal.isPresent()) {
      throw new IllegalArgumentException(loaded.info().files().getFirst() + ": " + refusal.get());
    }
    plan.warning().ifPresent(warning -> LOG.log(System.Logger.Level.WARNING, warning));
    return plan;
  }

  /** The model with what its file brings. */
  public LoadedModel loaded() {
    return loaded;
  }

  /** What computes, and why. */
  public KernelsChoice kernelsChoice() {
    return choice;
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
   */
  public ChatSession chat(ChatOptions chatOptions) throws UnsupportedModelException {
    LoadedTokenizer tokenizer = loaded.tokenizer();
    ChatTemplate template = chatTemplate();
    ChatEncoder encoder = new ChatEncoder(tokenizer.tokenizer(), tokenizer.bos(), template);
    return new ChatSession(newGenerator(), encoder, chatOptions);
  }

  /**
   * How the model wants conversations written.
   *
   * @throws UnsupportedModelException as {@link #chat}
   */
  public ChatTemplate chatTemplate() throws UnsupportedModelException {
    return ChatEncoder.templateFor(tokenizer())
        .orElseThrow(() ->
            new UnsupportedModelException(
                loaded.info().files().getFirst(),
                "the vocabulary has the special tokens of no chat layout we know (Llama 3,"
                    + " ChatML); continue plain text instead"));
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
    try (Generator generator = newGenerator()) {
      return generator.generate(withBos.toArray(), generation, listener);
    }
  }

  private Generator newGenerator() throws UnsupportedModelException {
    LoadedTokenizer tokenizer = loaded.tokenizer();
    KvCache cache = loaded.model().newCache(options.kvType(), contextLength());
    return new Generator(
        loaded.model(), tokenizer.tokenizer(), tokenizer.stops(), cache, options.prefillBatch());
  }

  /** Unmaps the file and stops the threads. */
  @Override
  public void close() {
    loaded.close();
    kernels.close();
  }
}
