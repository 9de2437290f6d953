package dev.chaski.tokenizer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Vocabularies for tests. */
final class Vocabularies {
  private Vocabularies() {}

  /** One token for each byte, in byte order, so that a byte's id is its value. */
  static List<String> bytes() {
    List<String> tokens = new ArrayList<>();
    for (int b = 0; b < 256; b++) {
      tokens.add(ReferenceBpe.spell(new byte[] {(byte) b}));
    }
    return tokens;
  }

  /** The bytes, what the merges make of them, and further tokens of the types given. */
  static BpeVocabulary of(List<String> merges, boolean ignoreMerges, Token... more) {
    List<String> tokens = bytes();
    for (String merge : merges) {
      String merged = merge.replace(" ", "");
      if (!tokens.contains(merged)) {
        tokens.add(merged);
      }
    }
    List<TokenType> types = new ArrayList<>(Collections.nCopies(tokens.size(), TokenType.NORMAL));
    for (Token token : more) {
      tokens.add(token.spelling());
      types.add(token.type());
    }
    return new BpeVocabulary(tokens, types, merges, ignoreMerges);
  }

  record Token(String spelling, TokenType type) {}

  /** Merges of tokens over a few letters, in an order that no training would give. */
  static List<String> randomMerges(Random random, String letters, int count) {
    List<String> parts = new ArrayList<>(List.of(letters.split("")));
    List<String> merges = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String left = parts.get(random.nextInt(parts.size()));
      String right = parts.get(random.nextInt(parts.size()));
      if (left.length() + right.length() <= 40) {
        merges.add(left + " " + right);
        parts.add(left + right);
      }
    }
    Collections.shuffle(merges, random);
    return merges;
  }

  /** The tokenizer of the Cria model, which comes with the tests. */
  static BpeTokenizer cria() {
    try {
      return BpeTokenizer.of(criaVocabulary());
    } catch (TokenizerFormatException e) {
      throw new UncheckedIOException(e);
    }
  }

  static BpeVocabulary criaVocabulary() {
    try (InputStream in = Vocabularies.class.getResourceAsStream("cria-tokenizer.json")) {
      return TokenizerJson.readVocabulary(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
