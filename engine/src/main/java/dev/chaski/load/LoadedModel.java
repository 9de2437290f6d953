package dev.chaski.load;

import dev.chaski.format.UnsupportedModelException;
import dev.chaski.model.LlamaModel;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A model with everything its file brings. Owns the mapped file: close it when no pass runs any
 * more. Safe to share between threads.
 */
public final class LoadedModel implements AutoCloseable {
  /** The name of the template that {@link #chatTemplate()} answers. */
  static final String DEFAULT_TEMPLATE = "default";

  private final LlamaModel model;
  private final LoadedTokenizer tokenizer;
  private final UnsupportedModelException noTokenizer;
  private final Map<String, String> chatTemplates;
  private final DefaultSampling defaultSampling;
  private final ModelInfo info;
  private final Supplier<String> fingerprint;
  private final Runnable onClose;

  /** Either {@code tokenizer} or the reason why there is none, {@code noTokenizer}, is null. */
  LoadedModel(
      LlamaModel model,
      LoadedTokenizer tokenizer,
      UnsupportedModelException noTokenizer,
      Map<String, String> chatTemplates,
      DefaultSampling defaultSampling,
      ModelInfo info,
      Supplier<String> fingerprint,
      Runnable onClose) {
    this.model = model;
    this.tokenizer = tokenizer;
    this.noTokenizer = noTokenizer;
    this.chatTemplates = Collections.unmodifiableMap(new LinkedHashMap<>(chatTemplates));
    this.defaultSampling = defaultSampling;
    this.info = info;
    this.fingerprint = fingerprint;
    this.onClose = onClose;
  }

  /** The decoder. */
  public LlamaModel model() {
    return model;
  }

  /** Whether {@link #tokenizer} answers. */
  public boolean hasTokenizer() {
    return tokenizer != null;
  }

  /**
   * The tokenizer of the file.
   *
   * @throws UnsupportedModelException if the file's is of a kind we do not read; the model can
   *     still be fed with token ids
   */
  public LoadedTokenizer tokenizer() throws UnsupportedModelException {
    if (tokenizer == null) {
      throw new UnsupportedModelException(noTokenizer.path(), noTokenizer.reason());
    }
    return tokenizer;
  }

  /** The Jinja source of the chat template, if the file has one. */
  public Optional<String> chatTemplate() {
    return Optional.ofNullable(chatTemplates.get(DEFAULT_TEMPLATE));
  }

  /**
   * The Jinja sources of all chat templates by name: {@code default}, and what else the file has,
   * such as {@code tool_use}.
   */
  public Map<String, String> chatTemplates() {
    return chatTemplates;
  }

  /** How the model's author wants tokens to be sampled. */
  public DefaultSampling defaultSampling() {
    return defaultSampling;
  }

  /** What the file says about itself. */
  public ModelInfo info() {
    return info;
  }

  /**
   * What tells this model from others, the same every time it is opened: 64 hexadecimal digits made
   * of all tensors' names, types, shapes and some of their bytes. Reads these bytes.
   */
  public String fingerprint() {
    return fingerprint.get();
  }

  /** Unmaps the file. Passes that still run fail with an {@link IllegalStateException}. */
  @Override
  public void close() {
    onClose.run();
  }
}
