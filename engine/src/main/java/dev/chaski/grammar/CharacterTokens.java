package dev.chaski.grammar;

import java.util.BitSet;

/**
 * The tokens of a vocabulary that are made of characters of one set: most tokens are letters, and
 * where a string goes on any letter may come. Of few characters each, as strings may have a maximal
 * length. Immutable.
 */
final class CharacterTokens {
  /** Longer tokens are left out. */
  static final int MAX_CHARACTERS = 16;

  private final long[][] upTo = new long[MAX_CHARACTERS + 1][]; // by number of characters
  private final BitSet nothingElse = new BitSet(); // nodes in whose subtree all tokens are such

  CharacterTokens(TokenTrie trie, CodePoints set) {
    for (int i = 0; i < upTo.length; i++) {
      upTo[i] = new long[(trie.vocabSize() + 63) / 64];
    }
    BitSet members = new BitSet();
    find(trie, new Utf8Automaton(set), members);
    for (int i = 1; i < upTo.length; i++) {
      for (int word = 0; word < upTo[i].length; word++) {
        upTo[i][word] |= upTo[i - 1][word];
      }
    }
    int[] others = new int[trie.numNodes() + 1]; // tokens before a node that are not members
    for (int node = 0; node < trie.numNodes(); node++) {
      boolean other = trie.hasToken(node) && !members.get(node);
      others[node + 1] = others[node] + (other ? 1 : 0);
    }
    for (int node = 1; node < trie.numNodes(); node++) {
      if (others[trie.end(node)] == others[node]) {
        nothingElse.set(node);
      }
    }
  }

  private void find(TokenTrie trie, Utf8Automaton characters, BitSet members) {
    int[] states = new int[trie.maxDepth() + 1]; // on the way to the node
    int[] counts = new int[trie.maxDepth() + 1]; // of complete characters
    int node = 1;
    while (node < trie.numNodes()) {
      int depth = trie.depth(node);
      int state = characters.next(states[depth - 1], trie.label(node) & 0xFF);
      int count = counts[depth - 1];
      if (state == Utf8Automaton.COMPLETE) {
        state = 0;
        count++;
        if (count <= MAX_CHARACTERS && trie.hasToken(node)) {
          trie.allow(node, upTo[count]);
          members.set(node);
        }
      }
      if (state == Utf8Automaton.DEAD || count > MAX_CHARACTERS) {
        node = trie.end(node);
      } else {
        states[depth] = state;
        counts[depth] = count;
        node++;
      }
    }
  }

  /** The tokens of at most this many characters, one bit each; not to be changed. */
  long[] upTo(int characters) {
    return upTo[Math.min(characters, MAX_CHARACTERS)];
  }

  /** Whether all tokens in the subtree of a node are of at most {@link #MAX_CHARACTERS}. */
  boolean areAllBelow(int node) {
    return nothingElse.get(node);
  }
}
