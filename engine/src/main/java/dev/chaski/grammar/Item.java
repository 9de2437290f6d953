package dev.chaski.grammar;

import java.util.Comparator;

/**
 * A place in the grammar where a text may be.
 *
 * @param state of the automaton
 * @param in the open rule that the state belongs to
 */
record Item(int state, OpenRule in) {
  static final Comparator<Item> ORDER =
      Comparator.comparingInt(Item::state).thenComparingLong(item -> item.in.id());

  @Override
  public boolean equals(Object other) {
    return other instanceof Item item && state == item.state && in.id() == item.in.id();
  }

  @Override
  public int hashCode() {
    return 31 * state + Long.hashCode(in.id());
  }
}
