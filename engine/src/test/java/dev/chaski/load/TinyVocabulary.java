package dev.chaski.load;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A vocabulary of the 256 bytes, in the order of GPT-2's byte alphabet, and three control tokens.
 */
public final class TinyVocabulary {
  /** Begins a text. */
  public static final int BOS = 256;

  /** Ends an answer. */
  public static final int EOT = 257;

  /** Number of tokens. */
  public static final int SIZE = 259;

  private static final int NORMAL = 1;
  private static final int CONTROL = 3;

  private TinyVocabulary() {}

  /** The spellings. */
  public static List<String> tokens() {
    List<String> printable = new ArrayList<>();
    List<String> other = new ArrayList<>();
    for (int value = 0; value < 256; value++) {
      if ((value >= '!' && value <= '~') || (value >= 0xA1 && value != 0xAD)) {
        printable.add(Character.toString(value));
      } else {
        other.add(Character.toString(256 + other.size()));
      }
    }
    List<String> tokens = new ArrayList<>(printable);
    tokens.addAll(other);
    tokens.addAll(List.of("<|begin_of_text|>", "<|eot_id|>", "<|reserved|>"));
    return tokens;
  }

  /** The GGUF codes of their types. */
  public static int[] types() {
    int[] types = new int[SIZE];
    Arrays.fill(types, NORMAL);
    Arrays.fill(types, BOS, SIZE, CONTROL);
    return types;
  }
}
