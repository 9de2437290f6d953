package dev.chaski.tokenizer;

import java.util.Arrays;
import java.util.Set;

/** Finds tokens that are added to a vocabulary, such as {@code <|eot_id|>}, in text: a trie. */
final class AddedTokens {
  private static final int ROOT = 0;

  private final int[] firstChild = new int[256]; // child of the root by byte; 0: none
  private long[] keys = new long[64]; // 1 + (parent node, byte); 0: empty
  private int[] children = new int[64];
  private int[] ids = new int[64]; // by node: token that ends there, or NONE
  private int numNodes = 1;

  /** Finds the tokens whose type is one of {@code wanted}; empty ones are never found. */
  AddedTokens(TokenTable tokens, TokenType[] types, Set<TokenType> wanted) {
    Arrays.fill(ids, TokenTable.NONE);
    for (int id = tokens.nextLiteral(0); id >= 0; id = tokens.nextLiteral(id + 1)) {
      if (wanted.contains(types[id]) && tokens.length(id) > 0) {
        byte[] bytes = new byte[tokens.length(id)];
        tokens.copy(id, bytes, 0);
        add(bytes, id);
      }
    }
  }

  private void add(byte[] bytes, int id) {
    int node = ROOT;
    for (byte b : bytes) {
      int child = child(node, b);
      if (child == 0) {
        child = newNode();
        insert(key(node, b), child);
        if (node == ROOT) {
          firstChild[b & 0xFF] = child;
        }
      }
      node = child;
    }
    if (ids[node] == TokenTable.NONE) {
      ids[node] = id;
    }
  }

  private int newNode() {
    if (numNodes == ids.length) {
      ids = Arrays.copyOf(ids, 2 * numNodes);
      Arrays.fill(ids, numNodes, ids.length, TokenTable.NONE);
    }
    if (2 * numNodes > keys.length) {
      long[] oldKeys = keys;
      int[] oldChildren = children;
      keys = new long[2 * oldKeys.length];
      children = new int[2 * oldKeys.length];
      for (int i = 0; i < oldKeys.length; i++) {
        if (oldKeys[i] != 0) {
          insert(oldKeys[i], oldChildren[i]);
        }
      }
    }
    return numNodes++;
  }

  private void insert(long key, int child) {
    int slot = slot(key);
    while (keys[slot] != 0) {
      slot = (slot + 1) & (keys.length - 1);
    }
    keys[slot] = key;
    children[slot] = child;
  }

  private static long key(int node, byte b) {
    return 1 + ((long) node << 8 | (b & 0xFF));
  }

  private int slot(long key) {
    return (int) ByteStrings.mix(key) & (keys.length - 1);
  }

  private int child(int node, byte b) {
    long key = key(node, b);
    int slot = slot(key);
    while (keys[slot] != 0) {
      if (keys[slot] == key) {
        return children[slot];
      }
      slot = (slot + 1) & (keys.length - 1);
    }
    return 0;
  }

  /** Whether there is nothing to find. */
  boolean isEmpty() {
    return numNodes == 1;
  }

  /** The first index in {@code [from, to)} at which some token might begin, or {@code to}. */
  int candidate(byte[] text, int from, int to) {
    int i = from;
    while (i < to && firstChild[text[i] & 0xFF] == 0) {
      i++;
    }
    return i;
  }

  /** The longest token that begins at {@code from} and ends at most at {@code to}, or -1. */
  int match(byte[] text, int from, int to) {
    int longest = TokenTable.NONE;
    int node = firstChild[text[from] & 0xFF];
    int i = from + 1;
    while (node != 0) {
      if (ids[node] != TokenTable.NONE) {
        longest = ids[node];
      }
      node = i < to ? child(node, text[i++]) : 0;
    }
    return longest;
  }
}
