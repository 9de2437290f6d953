package dev.chaski.load;

import dev.chaski.tokenizer.BpeTokenizer;
import dev.chaski.tokenizer.TokenType;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** Tokens that end an answer whatever a file says, since not every file names them all. */
final class StopTokens {
  private static final List<String> SPELLINGS =
      List.of("<|eot_id|>", "<|eom_id|>", "<|im_end|>", "<|end_of_text|>");

  private StopTokens() {}

  /**
   * Those among the added tokens of a vocabulary; some files call them user-defined when they mean
   * special.
   */
  static Set<Integer> of(BpeTokenizer tokenizer) {
    Set<Integer> stops = new HashSet<>();
    for (String spelling : SPELLINGS) {
      OptionalInt id = tokenizer.id(spelling);
      if (id.isPresent() && isAdded(tokenizer.type(id.getAsInt()))) {
        stops.add(id.getAsInt());
      }
    }
    return stops;
  }

  private static boolean isAdded(TokenType type) {
    return switch (type) {
      case CONTROL, UNKNOWN, USER_DEFINED -> true;
      case NORMAL, UNUSED, BYTE -> false;
    };
  }
}
