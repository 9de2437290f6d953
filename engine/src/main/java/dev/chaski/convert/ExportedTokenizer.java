package dev.chaski.convert;

import dev.chaski.format.ModelFormatException;
import dev.chaski.gguf.GgufValueType;
import dev.chaski.gguf.GgufWriter;
import dev.chaski.load.HuggingFaceModel;
import dev.chaski.tokenizer.BpeTokenizer;
import dev.chaski.tokenizer.BpeVocabulary;
import dev.chaski.tokenizer.TokenType;
import dev.chaski.tokenizer.TokenizerJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/** The keys of a GGUF file that describe the tokenizer of a checkpoint, and its chat templates. */
final class ExportedTokenizer {
  private static final String KEYS = "tokenizer.ggml.";
  private static final String CHAT_TEMPLATE = "tokenizer.chat_template";
  private static final String DEFAULT_TEMPLATE = "default";

  private final HuggingFaceModel model;
  private final BpeTokenizer tokenizer;

  ExportedTokenizer(HuggingFaceModel model) {
    this.model = model;
    this.tokenizer = model.tokenizer().tokenizer();
  }

  void putAll(GgufWriter writer) throws IOException {
    Path path = model.tokenizerFile();
    BpeVocabulary vocabulary = TokenizerJson.readVocabulary(path);
    try {
      putVocabulary(writer, vocabulary);
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(
          path,
          ModelFormatException.UNKNOWN_OFFSET,
          "GGUF cannot hold the vocabulary: " + e.getMessage(),
          e);
    }
    putRoles(writer);
    putTemplates(writer);
  }

  /** As long as the embedding, which is what llama.cpp expects. */
  private void putVocabulary(GgufWriter writer, BpeVocabulary vocabulary) {
    int size = model.config().vocabSize();
    List<String> tokens = new ArrayList<>(vocabulary.tokens());
    long[] types = new long[size];
    for (int id = 0; id < size; id++) {
      TokenType type;
      if (id < vocabulary.types().size()) {
        type = vocabulary.types().get(id);
      } else {
        type = TokenType.UNUSED;
        tokens.add("[PAD" + id + "]");
      }
      types[id] = type.ggufCode();
    }
    writer.putString(KEYS + "model", "gpt2");
    writer.putString(KEYS + "pre", "llama-bpe");
    writer.putStrings(KEYS + "tokens", tokens);
    writer.putIntegers(KEYS + "token_type", GgufValueType.INT32, types);
    writer.putStrings(KEYS + "merges", vocabulary.merges());
  }

  private void putRoles(GgufWriter writer) {
    OptionalInt bos = model.tokenizer().bos();
    putId(writer, "bos", bos);
    writer.putBoolean(KEYS + "add_bos_token", bos.isPresent());
    putId(writer, "eos", model.mainStop());
    Set<Integer> others = new TreeSet<>(model.tokenizer().stops());
    model.mainStop().ifPresent(others::remove);
    OptionalInt turn = take(others, "<|eot_id|>", "<|im_end|>");
    OptionalInt message = take(others, "<|eom_id|>");
    take(others, "<|end_of_text|>"); // readers find it by its spelling
    putId(writer, "eot", turn.isPresent() ? turn : takeFirst(others));
    putId(writer, "eom", message.isPresent() ? message : takeFirst(others));
  }

  private static void putId(GgufWriter writer, String role, OptionalInt id) {
    id.ifPresent(value -> writer.putUint32(KEYS + role + "_token_id", value));
  }

  private OptionalInt take(Set<Integer> stops, String... spellings) {
    for (String spelling : spellings) {
      OptionalInt id = tokenizer.id(spelling);
      if (id.isPresent() && stops.remove(id.getAsInt())) {
        return id;
      }
    }
    return OptionalInt.empty();
  }

  private static OptionalInt takeFirst(Set<Integer> stops) {
    OptionalInt first = stops.stream().mapToInt(Integer::intValue).findFirst();
    first.ifPresent(stops::remove);
    return first;
  }

  private void putTemplates(GgufWriter writer) {
    Map<String, String> named = new LinkedHashMap<>();
    model
        .chatTemplates()
        .forEach(
            (name, template) -> named.putIfAbsent(name.replaceAll("[^A-Za-z0-9]", "_"), template));
    String main = named.remove(DEFAULT_TEMPLATE);
    if (main != null) {
      writer.putString(CHAT_TEMPLATE, main);
    }
    if (!named.isEmpty()) {
      writer.putStrings(CHAT_TEMPLATE + "s", List.copyOf(named.keySet()));
      named.forEach((name, template) -> writer.putString(CHAT_TEMPLATE + "." + name, template));
    }
  }
}
