package dev.chaski.benchmarks;

import dev.chaski.tokenizer.BpeVocabulary;
import dev.chaski.tokenizer.TokenType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a vocabulary as tiktoken stores it: lines of a token in Base64 and its rank, which is its
 * id. There are no merges in it; the pair that makes a token is found by merging its bytes with the
 * tokens before it.
 */
final class TiktokenVocabulary {
  private final Map<String, Integer> ranks = new HashMap<>(); // by spelling in GPT-2's alphabet
  private final List<String> tokens = new ArrayList<>();
  private final List<String> merges = new ArrayList<>();

  private TiktokenVocabulary() {}

  /**
   * Reads it.
   *
   * @param in lines in the order of their ranks, from 0
   */
  static BpeVocabulary read(InputStream in) throws IOException {
    TiktokenVocabulary vocabulary = new TiktokenVocabulary();
    String[] alphabet = new String[256];
    for (int value = 0; value < alphabet.length; value++) {
      alphabet[value] = SyntheticVocabulary.spelling(value);
    }
    BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] fields = line.split(" ", -1);
      StringBuilder spelling = new StringBuilder();
      for (byte value : Base64.getDecoder().decode(fields[0])) {
        spelling.append(alphabet[value & 0xFF]);
      }
      vocabulary.add(spelling.toString(), Integer.parseInt(fields[1]));
    }
    return new BpeVocabulary(
        vocabulary.tokens,
        Collections.nCopies(vocabulary.tokens.size(), TokenType.NORMAL),
        vocabulary.merges,
        true);
  }

  private void add(String token, int rank) throws IOException {
    if (rank != tokens.size()) {
      throw new IOException("rank " + rank + " follows " + (tokens.size() - 1));
    }
    if (token.length() > 1) {
      List<String> parts = merged(token);
      if (parts.size() == 2) {
        merges.add(parts.get(0) + " " + parts.get(1));
      }
    }
    tokens.add(token);
    ranks.put(token, rank);
  }

  /** What the tokens so far make of one. */
  private List<String> merged(String token) {
    List<String> parts = new ArrayList<>(List.of(token.split("")));
    while (parts.size() > 1) {
      int best = -1;
      int bestRank = Integer.MAX_VALUE;
      for (int i = 0; i + 1 < parts.size(); i++) {
        Integer rank = ranks.get(parts.get(i) + parts.get(i + 1));
        if (rank != null && rank < bestRank) {
          best = i;
          bestRank = rank;
        }
      }
      if (best < 0) {
        break;
      }
      parts.set(best, parts.get(best) + parts.remove(best + 1));
    }
    return parts;
  }
}
