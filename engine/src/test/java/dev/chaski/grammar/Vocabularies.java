package dev.chaski.grammar;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Small vocabularies for tests. */
final class Vocabularies {
  private Vocabularies() {}

  /** Each byte is a token: id 0 to 255. */
  static TokenTrie ofBytes() {
    return TokenTrie.of(256, id -> new byte[] {(byte) id});
  }

  /**
   * All bytes, the given texts, pieces cut out of them anywhere (also within characters), and at
   * the end one token without text.
   */
  static List<byte[]> cutFrom(Random random, int pieces, String... texts) {
    List<byte[]> tokens = new ArrayList<>();
    for (int value = 0; value < 256; value++) {
      tokens.add(new byte[] {(byte) value});
    }
    for (String text : texts) {
      tokens.add(text.getBytes(StandardCharsets.UTF_8));
    }
    for (int i = 0; i < pieces; i++) {
      byte[] whole = texts[random.nextInt(texts.length)].getBytes(StandardCharsets.UTF_8);
      int from = random.nextInt(whole.length);
      int to = Math.min(whole.length, from + 1 + random.nextInt(12));
      tokens.add(java.util.Arrays.copyOfRange(whole, from, to));
    }
    tokens.add(null);
    return tokens;
  }
}
