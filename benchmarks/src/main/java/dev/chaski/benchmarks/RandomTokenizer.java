package dev.chaski.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A {@link SyntheticVocabulary} as Hugging Face's tokenizer files have it. */
final class RandomTokenizer {
  /** How Llama 3 splits text. */
  private static final String PATTERN =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private static final String TEMPLATE =
      """
      {{- bos_token }}
      {%- for message in messages %}
      {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' }}
      {{- message['content'] + '<|eot_id|>' }}
      {%- endfor %}
      {%- if add_generation_prompt %}
      {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}
      {%- endif %}
      """;

  private RandomTokenizer() {}

  /** {@code tokenizer.json}. */
  static Map<String, Object> document(SyntheticVocabulary vocabulary) {
    Map<String, Integer> ids = new LinkedHashMap<>();
    for (int id = 0; id < vocabulary.firstSpecial; id++) {
      ids.put(vocabulary.tokens.get(id), id);
    }
    List<Object> added = new ArrayList<>();
    for (int id = vocabulary.firstSpecial; id < vocabulary.tokens.size(); id++) {
      added.add(Map.of("id", id, "content", vocabulary.tokens.get(id), "special", true));
    }
    Map<String, Object> split =
        Map.of(
            "type",
            "Split",
            "pattern",
            Map.of("Regex", PATTERN),
            "behavior",
            "Isolated",
            "invert",
            false);
    Map<String, Object> bytes =
        Map.of(
            "type",
            "ByteLevel",
            "add_prefix_space",
            false,
            "trim_offsets",
            true,
            "use_regex",
            false);
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("type", "BPE");
    model.put("ignore_merges", true);
    model.put("vocab", ids);
    model.put("merges", vocabulary.merges);
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("version", "1.0");
    document.put("added_tokens", added);
    document.put("normalizer", null);
    document.put(
        "pre_tokenizer", Map.of("type", "Sequence", "pretokenizers", List.of(split, bytes)));
    document.put("decoder", Map.of("type", "ByteLevel"));
    document.put("model", model);
    return document;
  }

  /** {@code tokenizer_config.json}. */
  static Map<String, Object> config() {
    return Map.of(
        "bos_token",
        "<|begin_of_text|>",
        "eos_token",
        "<|eot_id|>",
        "tokenizer_class",
        "PreTrainedTokenizerFast",
        "chat_template",
        TEMPLATE);
  }
}
