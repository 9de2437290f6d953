package dev.chaski.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Byte-level BPE as textbooks have it: a regular expression, strings, and a search of all pairs
 * after each merge. Slow, short, and sharing no code with what it checks.
 */
final class ReferenceBpe {
  static final Pattern SPLIT =
      Pattern.compile(
          "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
              + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
          Pattern.UNICODE_CHARACTER_CLASS);

  private final Map<String, Integer> ids = new HashMap<>();
  private final Map<List<String>, Integer> ranks = new HashMap<>();
  private final boolean ignoreMerges;

  ReferenceBpe(BpeVocabulary vocabulary) {
    for (int id = 0; id < vocabulary.tokens().size(); id++) {
      if (vocabulary.types().get(id) == TokenType.NORMAL) {
        ids.putIfAbsent(vocabulary.tokens().get(id), id);
      }
    }
    for (String merge : vocabulary.merges()) {
      ranks.putIfAbsent(List.of(merge.split(" ")), ranks.size());
    }
    ignoreMerges = vocabulary.ignoreMerges();
  }

  /** The byte alphabet, derived as GPT-2's encoder does. */
  static String spell(byte[] bytes) {
    StringBuilder spelling = new StringBuilder();
    for (byte b : bytes) {
      int u = b & 0xFF;
      if (u <= 0x20) {
        spelling.append((char) (0x100 + u));
      } else if (u >= 0x7F && u <= 0xA0) {
        spelling.append((char) (0x121 + u - 0x7F));
      } else {
        spelling.append((char) (u == 0xAD ? 0x143 : u));
      }
    }
    return spelling.toString();
  }

  static List<String> split(String text) {
    List<String> pieces = new ArrayList<>();
    Matcher matcher = SPLIT.matcher(text);
    while (matcher.find()) {
      pieces.add(matcher.group());
    }
    return pieces;
  }

  int[] encode(String text) {
    List<Integer> out = new ArrayList<>();
    for (String piece : split(text)) {
      String word = spell(piece.getBytes(StandardCharsets.UTF_8));
      if (ignoreMerges && ids.containsKey(word)) {
        out.add(ids.get(word));
      } else {
        merge(word).forEach(token -> out.add(ids.get(token)));
      }
    }
    return out.stream().mapToInt(Integer::intValue).toArray();
  }

  private List<String> merge(String word) {
    List<String> parts = new ArrayList<>(List.of(word.split("")));
    while (true) {
      int best = -1;
      int bestRank = Integer.MAX_VALUE;
      for (int i = 0; i + 1 < parts.size(); i++) {
        int rank = ranks.getOrDefault(parts.subList(i, i + 2), Integer.MAX_VALUE);
        if (rank < bestRank) {
          best = i;
          bestRank = rank;
        }
      }
      if (best < 0) {
        return parts;
      }
      parts.set(best, parts.get(best) + parts.remove(best + 1));
    }
  }
}
