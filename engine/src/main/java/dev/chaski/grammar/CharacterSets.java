package dev.chaski.grammar;

import dev.chaski.grammar.Expression.Characters;
import dev.chaski.grammar.Expression.Choice;
import dev.chaski.grammar.Expression.Literal;
import dev.chaski.grammar.Expression.Reference;
import dev.chaski.grammar.Expression.Repeat;
import dev.chaski.grammar.Expression.Sequence;
import dev.chaski.grammar.ParserState.CommonStep;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The larger character sets of a grammar, and where the characters of one lead all alike. */
final class CharacterSets {
  private static final int MAX_SETS = 8;
  private static final int MIN_CHARACTERS = 16;

  private final Parser parser;
  private final List<CodePoints> sets; // largest first
  private final List<Utf8Automaton> spellings;
  private final byte[] representatives; // by byte class

  CharacterSets(Grammar grammar, Parser parser) {
    this.parser = parser;
    Set<CodePoints> found = new HashSet<>();
    grammar.rules().forEach(rule -> collect(rule.body(), found));
    this.sets =
        found.stream()
            .filter(set -> set.size() >= MIN_CHARACTERS)
            .filter(this::agreesWithByteClasses)
            .sorted(Comparator.comparingInt(CodePoints::size).reversed())
            .limit(MAX_SETS)
            .toList();
    this.spellings = sets.stream().map(Utf8Automaton::new).toList();
    this.representatives = new byte[parser.automaton().numByteClasses()];
    for (int value = 0; value < 256; value++) {
      representatives[parser.automaton().byteClasses()[value]] = (byte) value;
    }
  }

  /** Not if it comes up only in rules that nothing uses. */
  private boolean agreesWithByteClasses(CodePoints set) {
    int[] classes = parser.automaton().byteClasses();
    Utf8Automaton spelling = new Utf8Automaton(set);
    for (int state = 0; state < spelling.numStates(); state++) {
      for (Utf8Automaton.Edge edge : spelling.edges(state)) {
        boolean begins = edge.first() == 0 || classes[edge.first()] != classes[edge.first() - 1];
        boolean ends = edge.last() == 255 || classes[edge.last()] != classes[edge.last() + 1];
        if (!begins || !ends) {
          return false;
        }
      }
    }
    return true;
  }

  private static void collect(Expression expression, Set<CodePoints> found) {
    switch (expression) {
      case Literal _, Reference _ -> {}
      case Characters(CodePoints set) -> found.add(set);
      case Sequence(List<Expression> parts) -> parts.forEach(part -> collect(part, found));
      case Choice(List<Expression> parts) -> parts.forEach(part -> collect(part, found));
      case Repeat(Expression part, int _, int _) -> collect(part, found);
    }
  }

  int size() {
    return sets.size();
  }

  CodePoints get(int index) {
    return sets.get(index);
  }

  /** Where the characters of a set lead. */
  CommonStep step(ParserState state, int set) {
    if (state.steps == null) {
      state.steps = new CommonStep[sets.size()];
    }
    CommonStep[] steps = state.steps;
    if (steps[set] == null) {
      steps[set] = follow(state, spellings.get(set), 0, null);
    }
    return steps[set];
  }

  /** Joins where the rest of a character leads with what is known of others; null is nothing. */
  private CommonStep follow(
      ParserState state, Utf8Automaton spelling, int spellingState, CommonStep known) {
    CommonStep common = known;
    for (int byteClass = 0; byteClass < representatives.length; byteClass++) {
      int rest = spelling.next(spellingState, representatives[byteClass] & 0xFF);
      if (rest == Utf8Automaton.DEAD) {
        continue;
      }
      ParserState next = parser.nextByClass(state, byteClass);
      if (rest != Utf8Automaton.COMPLETE && !parser.isDead(next)) {
        common = follow(next, spelling, rest, common);
      } else {
        CommonStep here = parser.isDead(next) ? new CommonStep.Nowhere() : new CommonStep.To(next);
        common = common == null ? here : join(common, here);
      }
      if (common instanceof CommonStep.Different) {
        return common;
      }
    }
    return common;
  }

  private static CommonStep join(CommonStep a, CommonStep b) {
    boolean same =
        switch (a) {
          case CommonStep.To(ParserState state) ->
              b instanceof CommonStep.To(ParserState other) && state == other;
          case CommonStep.Nowhere _ -> b instanceof CommonStep.Nowhere;
          case CommonStep.Different _ -> false;
        };
    return same ? a : new CommonStep.Different();
  }
}
