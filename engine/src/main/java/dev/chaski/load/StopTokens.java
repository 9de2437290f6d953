package dev.chaski.load;

import dev.chaski.tokenizer.BpeTokenizer;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** Tokens that end an answer whatever a file says, since not every file names them all. */
final class StopTokens {
  private static final List<String> SPELLINGS =
      List.of("<|eot_id|>", "<|eom_id|>", "<|im_end|>", "<|end_of_text|>");

  private StopTokens() {}

  /** Those among the special tokens of a vocabulary. */
  static Set<Integer> of(BpeTokenizer tokenizer) {
    Set<Integer> stops = new HashSet<>();
    for (String spelling : SPELLINGS) {
      OptionalInt id = tokenizer.id(spelling);
      if (id.isPresent() && tokenizer.isSpecial(id.getAsInt())) {
        stops.add(id.getAsInt());
      }
    }
    return stops;
  }
}
