package dev.chaski.benchmarks;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A byte-level BPE vocabulary of any size that means nothing but obeys all rules: single bytes,
 * then pairs of earlier tokens, then special tokens with Llama 3.1's names.
 */
final class SyntheticVocabulary {
  private static final List<String> NAMED =
      List.of(
          "<|begin_of_text|>",
          "<|end_of_text|>",
          "<|start_header_id|>",
          "<|end_header_id|>",
          "<|eot_id|>",
          "<|eom_id|>",
          "<|python_tag|>",
          "<|finetune_right_pad_id|>");
  private static final int NORMAL = 1;
  private static final int CONTROL = 3;

  final List<String> tokens = new ArrayList<>();
  final List<String> merges = new ArrayList<>();
  final long[] types;
  final int firstSpecial;

  SyntheticVocabulary(int size) {
    int specials = size >= 128_000 ? 256 : 16;
    firstSpecial = size - specials;
    for (int value = 0; value < 256; value++) {
      tokens.add(spelling(value));
    }
    addPairs();
    for (int i = 0; i < specials; i++) {
      tokens.add(i < NAMED.size() ? NAMED.get(i) : "<|reserved_special_token_" + i + "|>");
    }
    types = new long[size];
    for (int i = 0; i < size; i++) {
      types[i] = i < firstSpecial ? NORMAL : CONTROL;
    }
  }

  /** Pairs (a, b) of tokens there are already, those of low ids first. */
  private void addPairs() {
    Set<String> known = new HashSet<>(tokens);
    for (int sum = 0; tokens.size() < firstSpecial; sum++) {
      for (int a = 0; a <= sum && tokens.size() < firstSpecial; a++) {
        String left = tokens.get(a);
        String right = tokens.get(sum - a);
        if (known.add(left + right)) {
          tokens.add(left + right);
          merges.add(left + " " + right);
        }
      }
    }
  }

  /** The character that stands for a byte in GPT-2's alphabet. */
  static String spelling(int value) {
    int shifted = 0;
    for (int other = 0; other < value; other++) {
      shifted += isItself(other) ? 0 : 1;
    }
    return String.valueOf((char) (isItself(value) ? value : 256 + shifted));
  }

  private static boolean isItself(int value) {
    return (value >= '!' && value <= '~')
        || (value >= 0xA1 && value <= 0xAC)
        || (value >= 0xAE && value <= 0xFF);
  }

  int id(String special) {
    return firstSpecial + NAMED.indexOf(special);
  }
}
