package dev.chaski.load;

import dev.chaski.tokenizer.BpeTokenizer;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * A tokenizer with the roles its file gives to tokens.
 *
 * @param tokenizer text to ids and back
 * @param bos the token that begins every text, if the model wants one
 * @param stops the tokens that end an answer
 */
public record LoadedTokenizer(BpeTokenizer tokenizer, OptionalInt bos, Set<Integer> stops) {
  /** Copies the set. */
  public LoadedTokenizer {
    stops = Set.copyOf(stops);
  }

  /** The stop tokens, lowest first. */
  public Set<Integer> sortedStops() {
    return new TreeSet<>(stops);
  }
}
