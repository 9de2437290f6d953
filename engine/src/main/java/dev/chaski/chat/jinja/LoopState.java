package dev.chaski.chat.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.BiFunction;

/** A running {@code for} loop: what a template sees as {@code loop}. */
final class LoopState implements Value.Callable {
  private final int depth0;
  private final Budget budget;

  /** Runs the loop over other items, one level deeper; null if it is not recursive. */
  private final BiFunction<Value, Integer, Value> recursion;

  private Iterator<Value> rest;
  private OptionalInt size;
  private int index0 = -1;
  private Value before;
  private Value current;

  /** The next item if it was looked at already. */
  private Value after;

  private Value lastSeen;

  /**
   * A loop that has not begun.
   *
   * @param size how many items there are, if that is known without walking them
   */
  LoopState(
      Iterator<Value> items,
      OptionalInt size,
      int depth0,
      BiFunction<Value, Integer, Value> recursion,
      Budget budget) {
    this.rest = items;
    this.size = size;
    this.depth0 = depth0;
    this.recursion = recursion;
    this.budget = budget;
  }

  /** Goes to the next item; false if there is none. */
  boolean advance() {
    Value next = peek();
    if (next == null) {
      return false;
    }
    after = null;
    before = current;
    current = next;
    index0++;
    return true;
  }

  Value current() {
    return current;
  }

  private Value peek() {
    if (after == null && rest.hasNext()) {
      budget.step();
      after = rest.next();
    }
    return after;
  }

  int length() {
    if (size.isEmpty()) {
      List<Value> remaining = new ArrayList<>();
      while (rest.hasNext()) {
        budget.step();
        remaining.add(rest.next());
      }
      rest = remaining.iterator();
      size = OptionalInt.of(remaining.size() + index0 + 1 + (after == null ? 0 : 1));
    }
    return size.getAsInt();
  }

  /** {@code loop.name}, or null. */
  Value attribute(String name) {
    return switch (name) {
      case "index" -> Value.Int.of(index0 + 1L);
      case "index0" -> Value.Int.of(index0);
      case "revindex" -> Value.Int.of((long) length() - index0);
      case "revindex0" -> Value.Int.of((long) length() - index0 - 1);
      case "first" -> Value.Bool.of(index0 == 0);
      case "last" -> Value.Bool.of(peek() == null);
      case "length" -> Value.Int.of(length());
      case "depth" -> Value.Int.of(depth0 + 1L);
      case "depth0" -> Value.Int.of(depth0);
      case "previtem" ->
          index0 == 0 ? Value.Undefined.because("there is no previous item") : before;
      case "nextitem" -> peek() == null ? Value.Undefined.because("there is no next item") : after;
      case "cycle" -> new Value.Function("cycle", (arguments, _) -> cycle(arguments.positional()));
      case "changed" ->
          new Value.Function("changed", (arguments, _) -> changed(arguments.positional()));
      default -> null;
    };
  }

  private Value cycle(List<Value> choices) {
    if (choices.isEmpty()) {
      throw TemplateException.because("no items for cycling given");
    }
    return choices.get(index0 % choices.size());
  }

  private Value changed(List<Value> values) {
    Value seen = Value.Sequence.tuple(values);
    boolean changed = lastSeen == null || !Comparisons.equal(lastSeen, seen, budget);
    lastSeen = seen;
    return Value.Bool.of(changed);
  }

  @Override
  public Value call(Arguments arguments, Evaluator evaluator) {
    if (recursion == null) {
      throw TemplateException.because(
          "The loop must have the 'recursive' marker to be called recursively.");
    }
    return recursion.apply(arguments.bind("loop", 1, "iterable")[0], depth0 + 1);
  }

  @Override
  public String typeName() {
    return "LoopContext";
  }

  @Override
  public String description() {
    return "<LoopContext " + (index0 + 1) + "/" + length() + ">";
  }
}
