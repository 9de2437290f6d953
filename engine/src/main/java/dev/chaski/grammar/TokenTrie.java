package dev.chaski.grammar;

import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * The texts of a vocabulary as a tree of bytes: tokens that begin alike share the beginning. Safe
 * for use by several threads. For 128,256 tokens it takes about 5 MB, to make it some 100 ms.
 *
 * <p>Nodes are numbered depth first, so a subtree is a range of numbers; node 0 is the root.
 */
public final class TokenTrie {
  private static final int MAX_CHARACTER_SETS = 16;
  private static final int NONE = -1;

  private final byte[][] texts; // by token; null for one without text
  private final byte[] labels; // by node: the byte that leads there
  private final short[] depths; // by node
  private final int[] ends; // by node: the first node behind its subtree
  private final int[] tokens; // by node: a token that ends there, or -1
  private final int[] sameText; // by token: another one of the same text, or -1
  private final int maxDepth;
  private final Map<CodePoints, CharacterTokens> characterTokens =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<CodePoints, CharacterTokens> eldest) {
          return size() > MAX_CHARACTER_SETS;
        }
      };

  private TokenTrie(byte[][] texts) {
    this.texts = texts;
    this.sameText = new int[texts.length];
    Arrays.fill(sameText, NONE);
    Integer[] order = sortedTokens();
    int numNodes = 1 + countNodes(order);
    labels = new byte[numNodes];
    depths = new short[numNodes];
    ends = new int[numNodes];
    tokens = new int[numNodes];
    Arrays.fill(tokens, NONE);
    maxDepth = fill(order, numNodes);
  }

  /**
   * The tree of a vocabulary.
   *
   * @param vocabSize the number of tokens
   * @param text the bytes of a token; null or empty for one that stands for no text, such as the
   *     token that ends an answer
   * @throws IllegalArgumentException if a token has more than 32,767 bytes
   */
  public static TokenTrie of(int vocabSize, IntFunction<byte[]> text) {
    byte[][] texts = new byte[vocabSize][];
    for (int token = 0; token < vocabSize; token++) {
      byte[] bytes = text.apply(token);
      texts[token] = bytes == null || bytes.length == 0 ? null : bytes;
      if (bytes != null && bytes.length > Short.MAX_VALUE) {
        throw new IllegalArgumentException(
            "token %d has %,d bytes; at most %,d are possible"
                .formatted(token, bytes.length, Short.MAX_VALUE));
      }
    }
    return new TokenTrie(texts);
  }

  /** The number of tokens, with and without text. */
  public int vocabSize() {
    return texts.length;
  }

  private Integer[] sortedTokens() {
    Integer[] order = new Integer[texts.length];
    int n = 0;
    for (int token = 0; token < texts.length; token++) {
      if (texts[token] != null) {
        order[n++] = token;
      }
    }
    Integer[] sorted = Arrays.copyOf(order, n);
    Arrays.sort(
        sorted,
        Comparator.<Integer, byte[]>comparing(token -> texts[token], Arrays::compareUnsigned));
    return sorted;
  }

  private int countNodes(Integer[] order) {
    byte[] before = {};
    int count = 0;
    for (int token : order) {
      count += texts[token].length - common(before, texts[token]);
      before = texts[token];
    }
    return count;
  }

  private int fill(Integer[] order, int numNodes) {
    byte[] before = {};
    int deepest = 0;
    int node = 0;
    for (int token : order) {
      byte[] text = texts[token];
      int common = common(before, text);
      for (int depth = common + 1; depth <= text.length; depth++) {
        node++;
        labels[node] = text[depth - 1];
        depths[node] = (short) depth;
      }
      if (tokens[node] != NONE) {
        sameText[token] = tokens[node];
      }
      tokens[node] = token;
      before = text;
      deepest = Math.max(deepest, text.length);
    }
    int[] open = new int[deepest + 1]; // by depth: the node on the way to the present one
    int depth = 0;
    for (int n = 1; n < numNodes; n++) {
      for (; depth >= depths[n]; depth--) {
        ends[open[depth]] = n;
      }
      depth = depths[n];
      open[depth] = n;
    }
    for (; depth >= 0; depth--) {
      ends[open[depth]] = numNodes;
    }
    return deepest;
  }

  private static int common(byte[] a, byte[] b) {
    int mismatch = Arrays.mismatch(a, b);
    return mismatch < 0 ? a.length : mismatch;
  }

  /** The bytes of a token, not to be changed, or null if it has no text. */
  byte[] text(int token) {
    return texts[token];
  }

  int numNodes() {
    return labels.length;
  }

  byte label(int node) {
    return labels[node];
  }

  /** The number of bytes on the way to a node. */
  int depth(int node) {
    return depths[node];
  }

  int maxDepth() {
    return maxDepth;
  }

  /** The first node behind the subtree of a node. */
  int end(int node) {
    return ends[node];
  }

  boolean hasToken(int node) {
    return tokens[node] != NONE;
  }

  /** Sets the bits of the tokens that end in a node. */
  void allow(int node, long[] mask) {
    for (int token = tokens[node]; token != NONE; token = sameText[token]) {
      mask[token >> 6] |= 1L << token;
    }
  }

  /** The tokens made of characters of a set. */
  synchronized CharacterTokens characterTokens(CodePoints set) {
    return characterTokens.computeIfAbsent(set, s -> new CharacterTokens(this, s));
  }
}
