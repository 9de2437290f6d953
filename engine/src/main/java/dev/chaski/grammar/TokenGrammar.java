package dev.chaski.grammar;

import dev.chaski.grammar.ParserState.CommonStep;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.TreeSet;

/**
 * A grammar made ready for a vocabulary: knows for each place in a text which tokens may come next.
 * What it has found out it keeps, so it is faster the longer it is used; one serves any number of
 * texts, each with a {@link #matcher} of its own. Safe for use by several threads, which take
 * turns.
 *
 * <p>For a place that was not seen before, the tree of tokens is walked along with the parser: a
 * beginning that the grammar does not allow ends all tokens that begin so. Where a run of
 * characters goes on, as in a string, tokens made of those alone are known beforehand, and only the
 * rest is walked.
 */
public final class TokenGrammar {
  private static final int MAX_MASK_BYTES = 16 << 20;
  private static final int RUN_TOO_MIXED = -1;

  private final TokenTrie trie;
  private final int[] endTokens;
  private final Parser parser;
  private final CharacterSets characterSets;
  private final ParserState[] path;
  private final ArrayDeque<ParserState> withMask = new ArrayDeque<>(); // oldest first

  private TokenGrammar(Grammar grammar, TokenTrie trie, Set<Integer> endTokens) {
    this.trie = trie;
    this.endTokens = new TreeSet<>(endTokens).stream().mapToInt(Integer::intValue).toArray();
    this.parser = new Parser(AutomatonBuilder.build(grammar));
    this.characterSets = new CharacterSets(grammar, parser);
    this.path = new ParserState[trie.maxDepth() + 1];
  }

  /**
   * Makes a grammar ready.
   *
   * @param endTokens the tokens that end a text: allowed where the grammar may end, and only there
   * @throws GrammarException if a rule can begin with itself, no text of it ends, or it is too
   *     large
   * @throws IllegalArgumentException if an end token is not in the vocabulary
   */
  public static TokenGrammar of(Grammar grammar, TokenTrie trie, Set<Integer> endTokens) {
    for (int token : endTokens) {
      if (token < 0 || token >= trie.vocabSize()) {
        throw new IllegalArgumentException(
            "end token %d is not in the vocabulary of %d".formatted(token, trie.vocabSize()));
      }
    }
    return new TokenGrammar(grammar, trie, endTokens);
  }

  /** Follows one text from its beginning. */
  public GrammarMatcher matcher() {
    return new GrammarMatcher(this);
  }

  ParserState start() {
    return parser.start();
  }

  boolean isEndToken(int token) {
    for (int end : endTokens) {
      if (end == token) {
        return true;
      }
    }
    return false;
  }

  /** Where a token leads, or null if it cannot come next. */
  synchronized ParserState next(ParserState state, int token) {
    byte[] text = token < 0 || token >= trie.vocabSize() ? null : trie.text(token);
    if (text == null) {
      return null;
    }
    parser.allowEffort();
    ParserState at = state;
    for (byte value : text) {
      at = parser.next(at, value);
    }
    return parser.isDead(at) ? null : at;
  }

  /**
   * Clears the bits of tokens that cannot come next.
   *
   * @param allowed one bit for each token, at least as many as the vocabulary has
   */
  synchronized void mask(ParserState state, long[] allowed) {
    parser.allowEffort();
    long[] mask = state.mask;
    if (mask == null) {
      mask = compute(state);
      keep(state, mask);
    }
    int common = Math.min(allowed.length, mask.length);
    for (int word = 0; word < common; word++) {
      allowed[word] &= mask[word];
    }
    for (int word = common; word < allowed.length; word++) {
      allowed[word] = 0;
    }
  }

  private void keep(ParserState state, long[] mask) {
    long bytes = (long) mask.length * Long.BYTES;
    if ((withMask.size() + 1) * bytes > MAX_MASK_BYTES && !withMask.isEmpty()) {
      withMask.remove().mask = null;
    }
    state.mask = mask;
    withMask.add(state);
  }

  private long[] compute(ParserState state) {
    long[] mask = null;
    CharacterTokens run = null;
    for (int set = 0; set < characterSets.size() && mask == null; set++) {
      int length = runLength(state, set);
      if (length > 0) {
        run = trie.characterTokens(characterSets.get(set));
        mask = run.upTo(length).clone();
      }
    }
    if (mask == null) {
      mask = new long[(trie.vocabSize() + Long.SIZE - 1) / Long.SIZE];
    }
    walk(state, run, mask);
    if (state.accepts) {
      for (int token : endTokens) {
        mask[token >> 6] |= 1L << token;
      }
    }
    return mask;
  }

  /**
   * How many characters of a set may come, whichever they are: exactly, but not more than {@link
   * CharacterTokens#MAX_CHARACTERS}; or {@link #RUN_TOO_MIXED}.
   */
  private int runLength(ParserState state, int set) {
    ParserState at = state;
    for (int length = 0; length < CharacterTokens.MAX_CHARACTERS; length++) {
      switch (characterSets.step(at, set)) {
        case CommonStep.To(ParserState next) -> {
          if (next == at) {
            return CharacterTokens.MAX_CHARACTERS;
          }
          at = next;
        }
        case CommonStep.Nowhere _ -> {
          return length;
        }
        case CommonStep.Different _ -> {
          return RUN_TOO_MIXED;
        }
      }
    }
    return CharacterTokens.MAX_CHARACTERS;
  }

  /** Sets the bits of the tokens that may come, except where all are of a run that is known. */
  private void walk(ParserState state, CharacterTokens run, long[] mask) {
    path[0] = state;
    int node = 1;
    while (node < trie.numNodes()) {
      if (run != null && run.areAllBelow(node)) {
        node = trie.end(node);
        continue;
      }
      int depth = trie.depth(node);
      ParserState next = parser.next(path[depth - 1], trie.label(node));
      if (parser.isDead(next)) {
        node = trie.end(node);
        continue;
      }
      path[depth] = next;
      if (trie.hasToken(node)) {
        trie.allow(node, mask);
      }
      node++;
    }
  }
}
