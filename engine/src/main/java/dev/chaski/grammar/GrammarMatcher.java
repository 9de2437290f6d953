package dev.chaski.grammar;

import java.util.Arrays;

/** Follows one text through a grammar, token by token. For one thread at a time. */
public final class GrammarMatcher {
  private final TokenGrammar grammar;
  private ParserState state;
  private boolean ended;

  GrammarMatcher(TokenGrammar grammar) {
    this.grammar = grammar;
    reset();
  }

  /**
   * Clears the bits of the tokens that cannot come next; none can behind an end token.
   *
   * @param allowed token {@code i} is bit {@code i % 64} of {@code allowed[i / 64]}; bits beyond
   *     the vocabulary are cleared too
   * @throws GrammarException if the grammar is too ambiguous at this place
   */
  public void mask(long[] allowed) {
    if (ended) {
      Arrays.fill(allowed, 0);
    } else {
      grammar.mask(state, allowed);
    }
  }

  /**
   * Goes on by one token.
   *
   * @throws IllegalArgumentException if it cannot come next; nothing has changed then
   */
  public void accept(int token) {
    ParserState next = null;
    if (!ended) {
      if (grammar.isEndToken(token) && state.accepts) {
        ended = true;
        return;
      }
      next = grammar.next(state, token);
    }
    if (next == null) {
      throw new IllegalArgumentException("the grammar does not allow token " + token + " here");
    }
    state = next;
  }

  /** Whether the text so far belongs to the grammar. */
  public boolean canEnd() {
    return state.accepts;
  }

  /** Whether the text so far belongs to the grammar and nothing but its end may come. */
  public boolean mustEnd() {
    return state.accepts && state.items.isEmpty();
  }

  /** Goes back to the beginning. */
  public void reset() {
    state = grammar.start();
    ended = false;
  }
}
