package dev.chaski.load;

import dev.chaski.format.ModelFormatException;
import dev.chaski.gguf.GgufEntry;
import dev.chaski.gguf.GgufFile;
import dev.chaski.gguf.GgufMetadata;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads what a GGUF file says beside model and tokenizer: chat templates and sampling. */
final class GgufExtras {
  /** The template, and the start of the keys of named ones. */
  static final String CHAT_TEMPLATE = "tokenizer.chat_template";

  static final String SAMPLING = "general.sampling.";

  private final GgufFile file;
  private final GgufMetadata metadata;

  GgufExtras(GgufFile file) {
    this.file = file;
    this.metadata = file.metadata();
  }

  Map<String, String> chatTemplates() throws IOException {
    Map<String, String> templates = new LinkedHashMap<>();
    Optional<String> main = metadata.findString(CHAT_TEMPLATE);
    main.ifPresent(template -> templates.put(LoadedModel.DEFAULT_TEMPLATE, template));
    String prefix = CHAT_TEMPLATE + ".";
    for (GgufEntry entry : metadata.entries()) {
      if (entry.key().startsWith(prefix)) {
        templates.put(entry.key().substring(prefix.length()), metadata.getString(entry.key()));
      }
    }
    return templates;
  }

  DefaultSampling sampling() throws IOException {
    OptionalInt topK = metadata.findInt(SAMPLING + "top_k");
    try {
      return new DefaultSampling(
          metadata.findFloat(SAMPLING + "temp"),
          topK.isPresent() ? Optional.of(Math.max(0, topK.getAsInt())) : Optional.empty(),
          metadata.findFloat(SAMPLING + "top_p"),
          metadata.findFloat(SAMPLING + "min_p"),
          metadata.findFloat(SAMPLING + "penalty_repeat"));
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(
          file.path(), ModelFormatException.UNKNOWN_OFFSET, e.getMessage(), e);
    }
  }
}
