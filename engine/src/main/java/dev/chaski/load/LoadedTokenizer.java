package dev.chaski.load;

import dev.chaski.tokenizer.BpeTokenizer;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * A tokenizer with the roles its file gives to tokens.
 *
 * @param tokenizer text to ids and back
 * @param bos the token that begins every text, if the model wants one
 * @param stops the tokens that end an answer
 * @param namedTokens spellings of the tokens that chat templates know by a name: {@code bos_token},
 *     {@code eos_token} and so on, those that the file has
 */
public record LoadedTokenizer(
    BpeTokenizer tokenizer, OptionalInt bos, Set<Integer> stops, Map<String, String> namedTokens) {
  /** Copies the collections. */
  public LoadedTokenizer {
    stops = Set.copyOf(stops);
    namedTokens = Map.copyOf(namedTokens);
  }

  /** The stop tokens, lowest first. */
  public Set<Integer> sortedStops() {
    return new TreeSet<>(stops);
  }
}
