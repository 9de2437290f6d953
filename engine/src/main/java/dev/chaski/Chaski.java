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
import dev.chaski.load.LoadedModel;
import dev.chaski.load.LoadedTokenizer;
import dev.chaski.load.ModelLoader;
import dev.chaski.model.KvCache;
import dev.chaski.tokenizer.BpeTokenizer;
import dev.chaski.tokenizer.SpecialTokens;
import dev.chaski.tokenizer.TokenBuffer;
import java.io.IOException;
import java.nio.file.Path;

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
  private final Options options;
  private final KernelsChoice choice;
  private final Kernels kernels;
  private final LoadedModel loaded;

  private Chaski(Options options, KernelsChoice choice, Kernels kernels, LoadedModel loaded) {
    this.options = options;
    this.choice = choice;
    this.kernels = kernels;
    this.loaded = loaded;
  }

  /**
   * Opens a model. Its weights stay in the mapped file; only what is used is read.
   *
   * @param model a GGUF file, or any part of a split one; or the folder of a Hugging Face
   *     checkpoint, or a safetensors file in it
   * @throws IllegalArgumentException if the kernels asked for do not exist or cannot work here
   * @throws dev.chaski.format.ModelFormatException if the file is broken
   * @throws UnsupportedModelException if it is of a kind we do not run
   * @throws IOException if it cannot be read
   */
  public static Chaski open(Path model, Options options) throws IOException {
    KernelsChoice choice =
        options.kernels().map(KernelsChoice::named).orElseGet(KernelsChoice::best);
    Kernels kernels = choice.provider().create(new KernelsOptions(options.threads()));
    try {
      return new Chaski(options, choice, kernels, ModelLoader.load(model, kernels));
    } catch (Throwable e) {
      kernels.close();
      throw e;
    }
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

  /** Positions of a session: what the options say, or else what the model was made for. */
  public int contextLength() {
    return options.contextLength() > 0
        ? options.contextLength()
        : loaded.model().config().contextLength();
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
