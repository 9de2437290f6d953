package dev.chaski.generate;

import dev.chaski.model.KvCache;
import dev.chaski.model.LlamaModel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * What prompts of a model begin with, computed once: a sequence that starts with the same tokens
 * copies keys and values instead of computing them, bit for bit the same. Keeps the beginnings used
 * last, as far as they fit the memory given. Safe to share between threads; holds a lock while it
 * copies.
 */
public final class SharedPrefixes implements AutoCloseable {
  /** Shorter ones are computed as fast as they are copied. */
  private static final int MIN_TOKENS = 16;

  private final LlamaModel model;
  private final long maxBytes;
  private final Deque<Prefix> kept = new ArrayDeque<>(); // used last first

  private record Prefix(int[] tokens, KvCache cache) {}

  /**
   * Empty.
   *
   * @param model whose sequences all store keys and values as the same type
   * @param maxBytes memory that may be used; 0 to share nothing
   */
  public SharedPrefixes(LlamaModel model, long maxBytes) {
    this.model = model;
    this.maxBytes = maxBytes;
  }

  /** Bytes taken now. */
  public synchronized long byteSize() {
    return kept.stream().mapToLong(prefix -> prefix.cache.byteSize()).sum();
  }

  /**
   * Makes {@code cache} begin as the prompt does, if that saves anything.
   *
   * @param limit positions at most
   * @param present positions of the cache that are right already
   * @return positions of the cache that are right now
   */
  synchronized int restore(int[] prompt, int limit, int present, KvCache cache) {
    Prefix best = null;
    int longest = present;
    for (Prefix prefix : kept) {
      int common = Math.min(limit, common(prefix.tokens, prompt));
      if (common > longest) {
        best = prefix;
        longest = common;
      }
    }
    if (best != null) {
      cache.truncate(0);
      cache.copyFrom(best.cache, longest);
      kept.remove(best);
      kept.addFirst(best);
    }
    return longest;
  }

  /** Keeps the first {@code length} positions of a sequence, unless they are kept already. */
  synchronized void keep(int[] prompt, int length, KvCache cache) {
    boolean tooLong = length * cache.bytesPerPosition() > maxBytes;
    if (length < MIN_TOKENS || tooLong || isKept(prompt, length)) {
      return;
    }
    KvCache copy = model.copyOf(cache, length);
    kept.addFirst(new Prefix(Arrays.copyOf(prompt, length), copy));
    while (byteSize() > maxBytes) {
      kept.removeLast().cache.close();
    }
  }

  private boolean isKept(int[] prompt, int length) {
    return kept.stream().anyMatch(prefix -> common(prefix.tokens, prompt) >= length);
  }

  private static int common(int[] prefix, int[] prompt) {
    int mismatch = Arrays.mismatch(prefix, prompt);
    return mismatch < 0 ? prompt.length : mismatch;
  }

  /** Frees the memory. */
  @Override
  public synchronized void close() {
    kept.forEach(prefix -> prefix.cache.close());
    kept.clear();
  }
}
