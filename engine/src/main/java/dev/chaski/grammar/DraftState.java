package dev.chaski.grammar;

import java.util.ArrayList;
import java.util.List;

/** A state of an automaton under construction; others are named by their index among the drafts. */
final class DraftState {
  /** Without a byte: what can be done there can be done here. */
  final List<Integer> silent = new ArrayList<>(2);

  final List<Utf8Automaton.Edge> edges = new ArrayList<>(1);
  final List<Call> calls = new ArrayList<>(0);
  boolean accepts;

  /** A call of a rule, and the state to go on in when it is complete. */
  record Call(int rule, int next) {}
}
