package dev.chaski.grammar;

import java.util.List;

/**
 * All places where a text may be, in other words a state of the deterministic automaton that grows
 * while it is used. Belongs to one {@link Parser}, which fills in what is not final.
 */
final class ParserState {
  /** The places with a way on, in order. */
  final List<Item> items;

  /** Whether the text may end here. */
  final boolean accepts;

  /** By byte class; null as long as nobody went there. */
  ParserState[] next;

  /** By character set: where any of its characters leads; null as long as nobody asked. */
  CommonStep[] steps;

  /** Tokens that may come next, one bit each; null as long as nobody asked. */
  long[] mask;

  ParserState(List<Item> items, boolean accepts) {
    this.items = items;
    this.accepts = accepts;
  }

  /** Where all characters of a set lead. */
  sealed interface CommonStep {
    /** All to the same state. */
    record To(ParserState state) implements CommonStep {}

    /** None may come next. */
    record Nowhere() implements CommonStep {}

    /** To different states, or only some may come next. */
    record Different() implements CommonStep {}
  }
}
