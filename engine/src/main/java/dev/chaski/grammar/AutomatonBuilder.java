package dev.chaski.grammar;

import dev.chaski.grammar.Expression.Characters;
import dev.chaski.grammar.Expression.Choice;
import dev.chaski.grammar.Expression.Literal;
import dev.chaski.grammar.Expression.Reference;
import dev.chaski.grammar.Expression.Repeat;
import dev.chaski.grammar.Expression.Sequence;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes the automaton of a grammar, rule by rule and from the end of each to its beginning: a part
 * is built in front of the state that comes after it.
 */
final class AutomatonBuilder {
  private static final int MAX_STATES = 400_000;

  private final List<Rule> rules;
  private final boolean[] nullable;
  private final List<DraftState> drafts = new ArrayList<>();
  private final Map<CodePoints, Utf8Automaton> characterSets = new HashMap<>();
  private final int[] starts; // by rule

  private AutomatonBuilder(List<Rule> rules) {
    this.rules = rules;
    this.nullable = GrammarAnalysis.nullable(rules);
    this.starts = new int[rules.size()];
  }

  /**
   * The automaton of a grammar.
   *
   * @throws GrammarException if a rule can begin with itself, no text can be completed, or it takes
   *     too many states
   */
  static Automaton build(Grammar grammar) {
    List<Rule> rules = RepeatExtraction.of(GrammarAnalysis.withoutDeadEnds(grammar));
    return new AutomatonBuilder(rules).build(grammar.root());
  }

  private Automaton build(int root) {
    ArrayDeque<Integer> open = new ArrayDeque<>();
    boolean[] reached = new boolean[rules.size()];
    reached[root] = true;
    open.add(root);
    int built = 0;
    while (!open.isEmpty()) {
      int rule = open.remove();
      int end = newDraft();
      drafts.get(end).accepts = true;
      int start = newDraft();
      // Not the entry itself: a loop may come back to that one, and end there.
      drafts.get(start).silent.add(before(rules.get(rule).body(), end));
      starts[rule] = start;
      for (; built < drafts.size(); built++) {
        for (DraftState.Call call : drafts.get(built).calls) {
          if (!reached[call.rule()]) {
            reached[call.rule()] = true;
            open.add(call.rule());
          }
        }
      }
    }
    return new AutomatonAssembly(rules, reached, starts, drafts).assemble(root, nullable[root]);
  }

  private int newDraft() {
    if (drafts.size() == MAX_STATES) {
      throw new GrammarException(
          "the grammar is too large: it takes more than %,d states; use smaller repetitions"
              .formatted(MAX_STATES));
    }
    drafts.add(new DraftState());
    return drafts.size() - 1;
  }

  /** The state in front of an expression that goes on to {@code next}. */
  private int before(Expression expression, int next) {
    return switch (expression) {
      case Literal literal -> before(literal.utf8(), next);
      case Characters(CodePoints set) -> before(set, next);
      case Sequence(List<Expression> parts) -> {
        int state = next;
        for (Expression part : parts.reversed()) {
          state = before(part, state);
        }
        yield state;
      }
      case Choice(List<Expression> alternatives) -> {
        int state = newDraft();
        for (Expression alternative : alternatives) {
          drafts.get(state).silent.add(before(alternative, next));
        }
        yield state;
      }
      case Repeat repeat -> before(repeat, next);
      case Reference(int rule) -> {
        int state = newDraft();
        drafts.get(state).calls.add(new DraftState.Call(rule, next));
        if (nullable[rule]) {
          drafts.get(state).silent.add(next);
        }
        yield state;
      }
    };
  }

  private int before(byte[] text, int next) {
    int state = next;
    for (int i = text.length - 1; i >= 0; i--) {
      int previous = newDraft();
      int value = text[i] & 0xFF;
      drafts.get(previous).edges.add(new Utf8Automaton.Edge(value, value, state));
      state = previous;
    }
    return state;
  }

  private int before(CodePoints set, int next) {
    Utf8Automaton characters = characterSets.computeIfAbsent(set, Utf8Automaton::new);
    int first = drafts.size();
    for (int i = 0; i < characters.numStates(); i++) {
      newDraft();
    }
    for (int i = 0; i < characters.numStates(); i++) {
      for (Utf8Automaton.Edge edge : characters.edges(i)) {
        int target = edge.target() == Utf8Automaton.COMPLETE ? next : first + edge.target();
        drafts.get(first + i).edges.add(new Utf8Automaton.Edge(edge.first(), edge.last(), target));
      }
    }
    return first;
  }

  private int before(Repeat repeat, int next) {
    int state = next;
    int spelledOut = repeat.min();
    if (repeat.max() == Repeat.UNBOUNDED) {
      int loop = newDraft();
      drafts.get(loop).silent.add(before(repeat.part(), loop));
      drafts.get(loop).silent.add(next);
      state = loop;
    } else {
      for (int i = repeat.min(); i < repeat.max(); i++) {
        int optional = newDraft();
        drafts.get(optional).silent.add(before(repeat.part(), state));
        drafts.get(optional).silent.add(next);
        state = optional;
      }
    }
    for (int i = 0; i < spelledOut; i++) {
      state = before(repeat.part(), state);
    }
    return state;
  }
}
