package dev.chaski.load;

import dev.chaski.format.Excerpt;
import dev.chaski.format.JsonObject;
import dev.chaski.format.ModelFormatException;
import dev.chaski.tokenizer.BpeTokenizer;
import dev.chaski.tokenizer.TokenizerFormatException;
import dev.chaski.tokenizer.TokenizerJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Builds a tokenizer from {@code tokenizer.json}, and finds the roles of its tokens in {@code
 * tokenizer_config.json}, {@code config.json} and {@code generation_config.json}.
 */
final class HfTokenizer {
  private static final String BOS = "bos_token";
  private static final String EOS = "eos_token";

  private final Path path;
  private final JsonObject config;
  private final Optional<JsonObject> tokenizerConfig;
  private final Optional<JsonObject> generationConfig;
  private final int modelVocabSize;

  /**
   * Of a checkpoint.
   *
   * @param path {@code tokenizer.json}
   * @param modelVocabSize rows of the embedding
   */
  HfTokenizer(
      Path path,
      JsonObject config,
      Optional<JsonObject> tokenizerConfig,
      Optional<JsonObject> generationConfig,
      int modelVocabSize) {
    this.path = path;
    this.config = config;
    this.tokenizerConfig = tokenizerConfig;
    this.generationConfig = generationConfig;
    this.modelVocabSize = modelVocabSize;
  }

  LoadedTokenizer read() throws IOException {
    BpeTokenizer tokenizer;
    try {
      tokenizer = TokenizerJson.read(path);
    } catch (TokenizerFormatException e) {
      throw new ModelFormatException(
          path, ModelFormatException.UNKNOWN_OFFSET, e.where() + ": " + e.reason(), e);
    }
    if (tokenizer.vocabSize() > modelVocabSize) {
      throw new ModelFormatException(
          path,
          ModelFormatException.UNKNOWN_OFFSET,
          "there are %d tokens, but the model's embedding has %d rows; there must not be more"
              .formatted(tokenizer.vocabSize(), modelVocabSize));
    }
    return new LoadedTokenizer(tokenizer, bos(tokenizer), stops(tokenizer));
  }

  /** The tokenizer's own word comes before the model's; either may say that there is none. */
  private OptionalInt bos(BpeTokenizer tokenizer) throws IOException {
    if (tokenizerConfig.isPresent()) {
      JsonObject own = tokenizerConfig.get();
      if (own.isNull(BOS) || !own.findBoolean("add_bos_token").orElse(true)) {
        return OptionalInt.empty();
      }
      if (own.contains(BOS)) {
        return OptionalInt.of(token(tokenizer, own, BOS));
      }
    }
    List<Integer> ids = ids(config, "bos_token_id");
    return ids.isEmpty() ? OptionalInt.empty() : OptionalInt.of(ids.getFirst());
  }

  private Set<Integer> stops(BpeTokenizer tokenizer) throws IOException {
    Set<Integer> stops = StopTokens.of(tokenizer);
    stops.addAll(ids(config, "eos_token_id"));
    if (generationConfig.isPresent()) {
      stops.addAll(ids(generationConfig.get(), "eos_token_id"));
    }
    if (tokenizerConfig.isPresent() && tokenizerConfig.get().contains(EOS)) {
      stops.add(token(tokenizer, tokenizerConfig.get(), EOS));
    }
    return stops;
  }

  /** The stop token that comes first: the tokenizer's own, or else the model's. */
  OptionalInt mainStop(BpeTokenizer tokenizer) throws IOException {
    if (tokenizerConfig.isPresent() && tokenizerConfig.get().contains(EOS)) {
      return OptionalInt.of(token(tokenizer, tokenizerConfig.get(), EOS));
    }
    List<Integer> ids = ids(config, "eos_token_id");
    return ids.isEmpty() ? OptionalInt.empty() : OptionalInt.of(ids.getFirst());
  }

  private List<Integer> ids(JsonObject from, String key) throws IOException {
    List<Integer> ids = from.findInts(key);
    for (int id : ids) {
      if (id < 0 || id >= modelVocabSize) {
        throw from.fault(key, "is " + id + ", the model's vocabulary has " + modelVocabSize);
      }
    }
    return ids;
  }

  /** The id of a token that the file names by its spelling, or by an object with it. */
  private static int token(BpeTokenizer tokenizer, JsonObject from, String key) throws IOException {
    String spelling =
        from.isString(key) ? from.getString(key) : from.getObject(key).getString("content");
    return tokenizer
        .id(spelling)
        .orElseThrow(() ->
            from.fault(key, "is " + Excerpt.quoted(spelling) + ", which is not in the vocabulary"));
  }
}
