package dev.chaski.generate;

import dev.chaski.grammar.GrammarMatcher;
import dev.chaski.sample.TokenConstraint;

/** Keeps a sampler to a grammar. */
final class GrammarConstraint implements TokenConstraint {
  private final GrammarMatcher matcher;

  GrammarConstraint(GrammarMatcher matcher) {
    this.matcher = matcher;
  }

  @Override
  public boolean mask(long[] allowed) {
    matcher.mask(allowed);
    return true;
  }

  @Override
  public void accept(int token) {
    matcher.accept(token);
  }

  @Override
  public void reset() {
    matcher.reset();
  }

  /** Whether the answer is complete and nothing can be added. */
  boolean isComplete() {
    return matcher.mustEnd();
  }
}
