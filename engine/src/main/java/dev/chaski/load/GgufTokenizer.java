package dev.chaski.load;

import dev.chaski.format.Excerpt;
import dev.chaski.format.ModelFormatException;
import dev.chaski.format.UnsupportedModelException;
import dev.chaski.gguf.GgufFile;
import dev.chaski.gguf.GgufMetadata;
import dev.chaski.gguf.GgufStrings;
import dev.chaski.tokenizer.BpeTokenizer;
import dev.chaski.tokenizer.BpeVocabulary;
import dev.chaski.tokenizer.Spellings;
import dev.chaski.tokenizer.TokenType;
import dev.chaski.tokenizer.TokenizerFormatException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Builds a tokenizer from the {@code tokenizer.ggml.*} keys of a GGUF file. */
final class GgufTokenizer {
  private static final String KEYS = "tokenizer.ggml.";

  /** The names under which files know Llama 3's pre-tokenizer. */
  private static final Set<String> LLAMA_3_NAMES = Set.of("llama-bpe", "llama3", "llama-v3");

  /** Keys of tokens with the names under which chat templates know them. */
  private static final Map<String, String> TEMPLATE_NAMES =
      Map.of(
          "bos_token_id", "bos_token",
          "eos_token_id", "eos_token",
          "unknown_token_id", "unk_token",
          "padding_token_id", "pad_token");

  private final GgufFile file;
  private final GgufMetadata metadata;
  private final int modelVocabSize;

  GgufTokenizer(GgufFile file, int modelVocabSize) {
    this.file = file;
    this.metadata = file.metadata();
    this.modelVocabSize = modelVocabSize;
  }

  /**
   * Reads it.
   *
   * @throws UnsupportedModelException if it is another kind of tokenizer
   */
  LoadedTokenizer read() throws IOException {
    String model = metadata.getString(KEYS + "model");
    if (!model.equals("gpt2")) {
      throw new UnsupportedModelException(
          file.path(),
          "the tokenizer is of kind "
              + Excerpt.quoted(model)
              + "; supported is 'gpt2' (byte-level BPE, as in Llama 3). Token ids still work");
    }
    String pre = metadata.findString(KEYS + "pre").orElse("llama-bpe");
    if (!LLAMA_3_NAMES.contains(pre)) {
      throw new UnsupportedModelException(
          file.path(),
          "the pre-tokenizer is "
              + Excerpt.quoted(pre)
              + "; supported is 'llama-bpe'. Token ids still work");
    }
    Spellings tokens = spellings("tokens");
    if (tokens.isEmpty() || tokens.size() > modelVocabSize) {
      throw broken(
          KEYS
              + "tokens has "
              + tokens.size()
              + " tokens, the model's embedding "
              + modelVocabSize
              + " rows; there must be at least 1 and at most that many");
    }
    BpeTokenizer tokenizer = build(tokens);
    return new LoadedTokenizer(tokenizer, bos(tokens.size()), stops(tokenizer), names(tokenizer));
  }

  private Spellings spellings(String key) throws IOException {
    GgufStrings strings = metadata.getUndecodedStrings(KEYS + key);
    return new Spellings(strings.utf8(), strings.starts(), strings.ends());
  }

  private BpeTokenizer build(Spellings tokens) throws IOException {
    Spellings merges = spellings("merges");
    try {
      return BpeTokenizer.of(new BpeVocabulary(tokens, types(tokens.size()), merges, true));
    } catch (TokenizerFormatException e) {
      throw new ModelFormatException(
          file.path(), ModelFormatException.UNKNOWN_OFFSET, e.getMessage(), e);
    }
  }

  private List<TokenType> types(int tokens) throws IOException {
    Optional<int[]> codes = metadata.findInts(KEYS + "token_type");
    if (codes.isEmpty()) {
      return Collections.nCopies(tokens, TokenType.NORMAL);
    }
    if (codes.get().length != tokens) {
      throw broken(
          KEYS + "token_type has " + codes.get().length + " entries for " + tokens + " tokens");
    }
    TokenType[] types = new TokenType[tokens];
    for (int i = 0; i < tokens; i++) {
      types[i] = type(i, codes.get()[i]);
    }
    return Arrays.asList(types);
  }

  private TokenType type(int id, int code) throws IOException {
    Optional<TokenType> type = TokenType.fromGgufCode(code);
    if (type.isEmpty()) {
      throw broken(KEYS + "token_type of token " + id + " is " + code + ", not 1..6");
    }
    return type.get();
  }

  private OptionalInt bos(int tokens) throws IOException {
    OptionalInt bos = roleToken("bos_token_id", tokens);
    boolean add = metadata.findBoolean(KEYS + "add_bos_token").orElse(true);
    return add ? bos : OptionalInt.empty();
  }

  private Set<Integer> stops(BpeTokenizer tokenizer) throws IOException {
    Set<Integer> stops = StopTokens.of(tokenizer);
    for (String role : List.of("eos_token_id", "eot_token_id", "eom_token_id")) {
      roleToken(role, tokenizer.vocabSize()).ifPresent(stops::add);
    }
    return stops;
  }

  private Map<String, String> names(BpeTokenizer tokenizer) throws IOException {
    Map<String, String> names = new HashMap<>();
    for (Map.Entry<String, String> role : TEMPLATE_NAMES.entrySet()) {
      roleToken(role.getKey(), tokenizer.vocabSize())
          .ifPresent(id -> names.put(role.getValue(), tokenizer.token(id)));
    }
    return names;
  }

  private OptionalInt roleToken(String role, int tokens) throws IOException {
    OptionalInt id = metadata.findInt(KEYS + role);
    if (id.isPresent() && (id.getAsInt() < 0 || id.getAsInt() >= tokens)) {
      throw broken(KEYS + role + " is " + id.getAsInt() + ", the vocabulary has " + tokens);
    }
    return id;
  }

  private ModelFormatException broken(String reason) {
    return new ModelFormatException(file.path(), ModelFormatException.UNKNOWN_OFFSET, reason);
  }
}
