package dev.chaski.cli;

import dev.chaski.Chaski;
import dev.chaski.Options;
import dev.chaski.cli.terminal.Rows;
import dev.chaski.cli.terminal.Sizes;
import dev.chaski.cli.terminal.Style;
import dev.chaski.format.UnsupportedModelException;
import dev.chaski.kernels.KernelsChoice;
import dev.chaski.kernels.KernelsProvider.Probe;
import dev.chaski.kernels.TensorType;
import dev.chaski.load.DefaultSampling;
import dev.chaski.load.LoadedModel;
import dev.chaski.load.LoadedTokenizer;
import dev.chaski.load.ModelInfo;
import dev.chaski.load.TypeCount;
import dev.chaski.model.LlamaConfig;
import dev.chaski.model.RopeScaling;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/** What {@code chaski info} prints: at most 60 columns, but for the names of files. */
final class ModelReport {
  private final Chaski chaski;
  private final Options options;
  private final LoadedModel loaded;
  private final LlamaConfig config;
  private final Style style;
  private final StringBuilder out = new StringBuilder();

  ModelReport(Chaski chaski, Options options, Style style) {
    this.chaski = chaski;
    this.options = options;
    this.loaded = chaski.loaded();
    this.config = loaded.model().config();
    this.style = style;
  }

  /**
   * The report.
   *
   * @param isFile whether the model is a file of the user's, not the one inside
   */
  String text(boolean isFile) {
    file(isFile);
    shapes();
    context();
    tokenizer();
    sampling();
    kernels();
    types();
    return out.toString();
  }

  private void file(boolean isFile) {
    ModelInfo info = loaded.info();
    TypeCount total = info.total();
    row("Model", info.name().orElse("(no name)"));
    if (isFile) {
      info.files().forEach(file -> row("File", file.toString()));
    } else {
      row("File", "inside chaski, used when there is no -m");
    }
    row("Format", info.format() + ", " + Sizes.bytes(info.byteSize()));
    row(
        "Weights",
        "%s, %.2f bits each"
            .formatted(Sizes.grouped(total.values()), 8.0 * total.bytes() / total.values()));
  }

  private void shapes() {
    row("Layers", config.numLayers() + " of " + config.hiddenSize() + " values");
    row(
        "Attention",
        config.numHeads()
            + " heads of "
            + config.headDim()
            + ", "
            + config.numKvHeads()
            + " for keys and values");
    row("Feed-forward", config.intermediateSize() + " values, SwiGLU");
    boolean tied = loaded.model().weights().isTied();
    row(
        "Vocabulary",
        Sizes.grouped(config.vocabSize())
            + " tokens, output "
            + (tied ? "tied to the embedding" : "of its own"));
    row("RoPE", "theta " + Sizes.grouped(Math.round(config.ropeTheta())) + ", " + scaling());
  }

  private String scaling() {
    return switch (config.ropeScaling()) {
      case RopeScaling.None _ -> "not scaled";
      case RopeScaling.Linear(double factor) -> "scaled by " + factor;
      case RopeScaling.Llama3 _ -> "Llama 3.1 scaling";
      case RopeScaling.Factors factors ->
          "scaled by the file's " + factors.factors().size() + " factors";
    };
  }

  private void context() {
    int length = chaski.contextLength();
    String made =
        length == config.contextLength()
            ? ""
            : " (made for " + Sizes.grouped(config.contextLength()) + ")";
    long valuesPerToken = 2L * config.numLayers() * config.kvColumns();
    long bytesPerToken = options.kvType().byteSize(valuesPerToken);
    row("Context", Sizes.grouped(length) + " tokens" + made);
    row(
        "KV cache",
        "%s, %s a token, %s when full"
            .formatted(
                options.kvType(), Sizes.bytes(bytesPerToken), Sizes.bytes(length * bytesPerToken)));
  }

  private void tokenizer() {
    try {
      LoadedTokenizer tokenizer = loaded.tokenizer();
      String stops =
          tokenizer.sortedStops().stream()
              .map(tokenizer.tokenizer()::token)
              .collect(Collectors.joining(", "));
      row("Tokenizer", "byte-level BPE, Llama 3 pattern");
      row("", "begins with " + bos(tokenizer));
      row("", "stops at " + (stops.isEmpty() ? "nothing" : stops));
      row("Chat", chaski.chatTemplate().description());
    } catch (UnsupportedModelException e) {
      row(loaded.hasTokenizer() ? "Chat" : "Tokenizer", "none: " + e.reason());
    }
  }

  private static String bos(LoadedTokenizer tokenizer) {
    return tokenizer.bos().isPresent()
        ? tokenizer.tokenizer().token(tokenizer.bos().getAsInt())
        : "nothing";
  }

  private void sampling() {
    DefaultSampling author = loaded.defaultSampling();
    StringJoiner wanted = new StringJoiner(", ");
    author.temperature().ifPresent(value -> wanted.add("temperature " + value));
    author.topK().ifPresent(value -> wanted.add("top-k " + value));
    author.topP().ifPresent(value -> wanted.add("top-p " + value));
    author.minP().ifPresent(value -> wanted.add("min-p " + value));
    author.repetitionPenalty().ifPresent(value -> wanted.add("repetition penalty " + value));
    if (wanted.length() > 0) {
      row("Sampling", wanted + ", says the author");
    }
  }

  private void kernels() {
    KernelsChoice choice = chaski.kernelsChoice();
    String description = loaded.model().kernelsDescription();
    row("Kernels", choice.provider().name() + ": " + description);
    if (!description.startsWith(choice.reason())) {
      row("", choice.reason());
    }
    for (KernelsChoice.Candidate candidate : choice.candidates()) {
      String name = candidate.provider().name();
      if (!name.equals(choice.provider().name())) {
        switch (candidate.probe()) {
          case Probe.Available(String detail) ->
              row("", "not " + name + ": would work, --kernels " + name + " (" + detail + ")");
          case Probe.Unavailable(String reason, String remedy) ->
              row("", "not " + name + ": " + reason + "; " + remedy);
        }
      }
    }
  }

  private void types() {
    out.append('\n')
        .append(
            style.bold(
                "%-8s%9s%17s%8s%12s".formatted("Type", "Tensors", "Weights", "Bits", "Size")))
        .append('\n');
    loaded.info().types().entrySet().stream()
        .sorted(Comparator.comparingLong(entry -> -entry.getValue().bytes()))
        .forEach(this::type);
  }

  private void type(Map.Entry<TensorType, TypeCount> entry) {
    TypeCount count = entry.getValue();
    out.append(
        String.format(
            Locale.ROOT,
            "%-8s%9d%17s%8.2f%12s%n",
            entry.getKey(),
            count.tensors(),
            Sizes.grouped(count.values()),
            entry.getKey().bitsPerWeight(),
            Sizes.bytes(count.bytes())));
  }

  private void row(String label, String text) {
    out.append(Rows.row(style, label, text));
  }
}
