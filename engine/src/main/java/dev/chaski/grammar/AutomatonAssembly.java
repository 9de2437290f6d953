package dev.chaski.grammar;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * From the drafts of an automaton to the automaton: without silent steps, with bytes in classes and
 * rules ranked.
 */
final class AutomatonAssembly {
  private static final int MAX_EDGES = 4_000_000;
  private static final int UNNUMBERED = -1;

  private final List<Rule> rules;
  private final boolean[] reached; // by rule
  private final int[] starts; // by rule, a draft
  private final List<DraftState> drafts;

  private final int[] numbers; // by draft, the state it became
  private final List<Integer> numbered = new ArrayList<>(); // by state, the draft it was
  private final List<DraftState> flat = new ArrayList<>(); // by state; they name drafts still
  private final int[] seen; // by draft, the last state it was silently reached from, plus 1
  private int numEdges;

  AutomatonAssembly(List<Rule> rules, boolean[] reached, int[] starts, List<DraftState> drafts) {
    this.rules = rules;
    this.reached = reached;
    this.starts = starts;
    this.drafts = drafts;
    this.seen = new int[drafts.size()];
    this.numbers = new int[drafts.size()];
    Arrays.fill(numbers, UNNUMBERED);
  }

  Automaton assemble(int root, boolean rootMayBeEmpty) {
    for (int rule = 0; rule < rules.size(); rule++) {
      if (reached[rule]) {
        flatten(starts[rule]);
      }
    }
    int[] byRank = rank();
    int[] ranks = new int[rules.size()];
    int[] startStates = new int[byRank.length];
    for (int rank = 0; rank < byRank.length; rank++) {
      ranks[byRank[rank]] = rank;
      startStates[rank] = numbers[starts[byRank[rank]]];
    }
    int[] byteClasses = new int[256];
    int numByteClasses = classify(byteClasses);
    int[][] edges = new int[flat.size()][];
    int[][] calls = new int[flat.size()][];
    boolean[] accepts = new boolean[flat.size()];
    for (int state = 0; state < flat.size(); state++) {
      DraftState draft = flat.get(state);
      edges[state] =
          draft.edges.stream()
              .flatMapToInt(edge ->
                  IntStream.of(
                      byteClasses[edge.first()], byteClasses[edge.last()], numbers[edge.target()]))
              .toArray();
      calls[state] =
          draft.calls.stream()
              .flatMapToInt(call -> IntStream.of(ranks[call.rule()], numbers[call.next()]))
              .toArray();
      accepts[state] = draft.accepts;
    }
    for (int start : startStates) {
      accepts[start] = false; // entered only for what is not empty
    }
    return new Automaton(
        edges,
        calls,
        accepts,
        startStates,
        ranks[root],
        rootMayBeEmpty,
        byteClasses,
        numByteClasses);
  }

  /** Numbers a state and all that bytes and calls lead to from there. */
  private void flatten(int start) {
    number(start);
    while (flat.size() < numbered.size()) {
      DraftState state = withSilent(numbered.get(flat.size()), flat.size() + 1);
      flat.add(state);
      numEdges += state.edges.size() + state.calls.size() + 1;
      if (numEdges > MAX_EDGES) {
        throw new GrammarException(
            "the grammar is too large: it takes more than %,d edges; use fewer optional parts"
                    .formatted(MAX_EDGES)
                + " in a row");
      }
      state.edges.forEach(edge -> number(edge.target()));
      state.calls.forEach(call -> number(call.next()));
    }
  }

  private void number(int draft) {
    if (numbers[draft] == UNNUMBERED) {
      numbers[draft] = numbered.size();
      numbered.add(draft);
    }
  }

  /** A draft with the edges of all that are silently reached from it. */
  private DraftState withSilent(int draft, int mark) {
    DraftState state = new DraftState();
    ArrayDeque<Integer> open = new ArrayDeque<>();
    seen[draft] = mark;
    open.add(draft);
    while (!open.isEmpty()) {
      DraftState reachedDraft = drafts.get(open.remove());
      state.edges.addAll(reachedDraft.edges);
      state.calls.addAll(reachedDraft.calls);
      state.accepts |= reachedDraft.accepts;
      for (int silent : reachedDraft.silent) {
        if (seen[silent] != mark) {
          seen[silent] = mark;
          open.add(silent);
        }
      }
    }
    state.edges.sort(Comparator.comparingInt(Utf8Automaton.Edge::first));
    return state;
  }

  /** The rules, each before those it may begin with. */
  private int[] rank() {
    int[] numCallers = new int[rules.size()]; // that begin with it and have no rank yet
    int numRules = 0;
    for (int rule = 0; rule < rules.size(); rule++) {
      if (reached[rule]) {
        numRules++;
        firstCalls(rule).forEach(call -> numCallers[call.rule()]++);
      }
    }
    ArrayDeque<Integer> ready = new ArrayDeque<>();
    for (int rule = 0; rule < rules.size(); rule++) {
      if (reached[rule] && numCallers[rule] == 0) {
        ready.add(rule);
      }
    }
    int[] byRank = new int[numRules];
    int ranked = 0;
    while (!ready.isEmpty()) {
      int rule = ready.remove();
      byRank[ranked++] = rule;
      for (DraftState.Call call : firstCalls(rule)) {
        if (--numCallers[call.rule()] == 0) {
          ready.add(call.rule());
        }
      }
    }
    if (ranked < numRules) {
      throw leftRecursion(numCallers);
    }
    return byRank;
  }

  private List<DraftState.Call> firstCalls(int rule) {
    return flat.get(numbers[starts[rule]]).calls;
  }

  /** Names a circle among the rules that could not be ranked. */
  private GrammarException leftRecursion(int[] numCallers) {
    // Backwards: a rule without a rank is called by another one.
    int[] caller = new int[rules.size()];
    int rule = 0;
    for (int i = 0; i < rules.size(); i++) {
      if (reached[i] && numCallers[i] > 0) {
        for (DraftState.Call call : firstCalls(i)) {
          caller[call.rule()] = i;
        }
      }
    }
    while (!reached[rule] || numCallers[rule] == 0) {
      rule++;
    }
    for (int i = 0; i < rules.size(); i++) {
      rule = caller[rule]; // on the circle at the latest after as many steps as there are rules
    }
    StringBuilder circle = new StringBuilder(rules.get(rule).name());
    int shown = 0;
    for (int at = caller[rule]; at != rule && shown < 10; at = caller[at], shown++) {
      circle.insert(0, rules.get(at).name() + " -> ");
    }
    return new GrammarException(
        "rule '%s' can begin with itself (%s -> %s), which would never end; put what comes first"
                .formatted(rules.get(rule).name(), rules.get(rule).name(), circle)
            + " in front, as in 'list ::= item (\",\" item)*'");
  }

  private int classify(int[] byteClasses) {
    boolean[] begins = new boolean[257];
    for (DraftState state : flat) {
      for (Utf8Automaton.Edge edge : state.edges) {
        begins[edge.first()] = true;
        begins[edge.last() + 1] = true;
      }
    }
    int current = 0;
    for (int value = 0; value < 256; value++) {
      current += value > 0 && begins[value] ? 1 : 0;
      byteClasses[value] = current;
    }
    return current + 1;
  }
}
