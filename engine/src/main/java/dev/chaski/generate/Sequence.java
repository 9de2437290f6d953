package dev.chaski.generate;

import dev.chaski.model.KvCache;
import dev.chaski.model.LlamaModel;
import dev.chaski.tokenizer.TokenBuffer;

/** A cache with the tokens it holds keys and values of. */
final class Sequence implements AutoCloseable {
  private final KvCache cache;
  private final TokenBuffer tokens = new TokenBuffer();

  /** Of an empty cache, which is closed with it. */
  Sequence(KvCache cache) {
    this.cache = cache;
  }

  KvCache cache() {
    return cache;
  }

  /** Positions computed. */
  int length() {
    return cache.length();
  }

  /** Positions it may have. */
  int maxLength() {
    return cache.maxLength();
  }

  /** The token at a position that is computed. */
  int token(int position) {
    return tokens.get(position);
  }

  void truncate(int length) {
    cache.truncate(length);
    tokens.truncate(length);
  }

  /** Takes note of a token that a pass has just computed. */
  void computed(int token) {
    tokens.add(token);
  }

  /**
   * Keeps what it has of the beginning of a prompt, or copies it, and forgets the rest; never has
   * all of the prompt, as the last token gives the logits.
   */
  void restore(int[] prompt, SharedPrefixes sharedPrefixes) {
    int own = common(prompt);
    int cached = sharedPrefixes.restore(prompt, prompt.length - 1, own, cache);
    if (cached == own) {
      truncate(own);
    } else {
      take(prompt, cached);
    }
  }

  /** Keeps what it has of the beginning of a text, but not all of it, and forgets the rest. */
  void restore(int[] text) {
    truncate(common(text));
  }

  /**
   * Another one that begins as this one does, as long as this one may get.
   *
   * @param prompt the first tokens of this one
   */
  Sequence copy(LlamaModel model, int[] prompt) {
    Sequence copy = new Sequence(model.newCacheLike(cache, maxLength()));
    try {
      copy.cache.copyFrom(cache, prompt.length);
      copy.take(prompt, prompt.length);
      return copy;
    } catch (Throwable e) {
      copy.close();
      throw e;
    }
  }

  private void take(int[] prompt, int length) {
    tokens.clear();
    for (int i = 0; i < length; i++) {
      tokens.add(prompt[i]);
    }
  }

  private int common(int[] text) {
    int limit = Math.min(tokens.size(), text.length - 1);
    int n = 0;
    while (n < limit && tokens.get(n) == text[n]) {
      n++;
    }
    return n;
  }

  @Override
  public void close() {
    cache.close();
  }
}
