package dev.chaski.chat.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Walking and measuring values. Whoever walks an iterator pays for each step himself. */
final class Iteration {
  private Iteration() {}

  /** {@code iter(value)}. */
  static Iterator<Value> over(Value value, Budget budget) {
    return switch (value) {
      case Value.Undefined _ -> Collections.emptyIterator();
      case Str string -> new Characters(string, budget);
      case Value.Sequence sequence -> sequence.items().iterator();
      case Dict dict -> {
        budget.steps(dict.size());
        yield new Value.DictView(dict, Value.DictView.Part.KEYS).items().iterator();
      }
      case Value.DictView view -> {
        budget.steps(view.dict().size());
        yield view.items().iterator();
      }
      case Value.Range range ->
          IntStream.range(0, range.size()).<Value>mapToObj(range::at).iterator();
      case Value.Generator generator -> generator.rest();
      case Value.None _,
          Value.Bool _,
          Value.Int _,
          Value.Real _,
          Value.Namespace _,
          Value.Callable _ ->
          throw TemplateException.because("'" + value.typeName() + "' object is not iterable");
    };
  }

  static boolean isIterable(Value value) {
    return switch (value) {
      case Value.Undefined _,
          Str _,
          Value.Sequence _,
          Dict _,
          Value.DictView _,
          Value.Range _,
          Value.Generator _ ->
          true;
      case Value.None _,
          Value.Bool _,
          Value.Int _,
          Value.Real _,
          Value.Namespace _,
          Value.Callable _ ->
          false;
    };
  }

  /** {@code list(value)}: a list of its own, which the caller may change. */
  static List<Value> toList(Value value, Budget budget) {
    List<Value> items = new ArrayList<>();
    Iterator<Value> iterator = over(value, budget);
    while (iterator.hasNext()) {
      budget.step();
      items.add(iterator.next());
    }
    return items;
  }

  /** {@code len(value)}, of what has one. */
  static OptionalInt size(Value value) {
    return switch (value) {
      case Value.Undefined _ -> OptionalInt.of(0);
      case Str string -> OptionalInt.of(string.length());
      case Value.Sequence sequence -> OptionalInt.of(sequence.items().size());
      case Dict dict -> OptionalInt.of(dict.size());
      case Value.DictView view -> OptionalInt.of(view.dict().size());
      case Value.Range range -> OptionalInt.of(range.size());
      case LoopState loop -> OptionalInt.of(loop.length());
      case Value.None _,
          Value.Bool _,
          Value.Int _,
          Value.Real _,
          Value.Generator _,
          Value.Namespace _,
          Value.Callable _ ->
          OptionalInt.empty();
    };
  }

  /** {@code len(value)}. */
  static int length(Value value) {
    return size(value)
        .orElseThrow(() ->
            TemplateException.because("object of type '" + value.typeName() + "' has no len()"));
  }

  /** The code points of a string. */
  private static final class Characters implements Iterator<Value> {
    private final Str string;
    private final Budget budget;
    private int offset;

    Characters(Str string, Budget budget) {
      this.string = string;
      this.budget = budget;
    }

    @Override
    public boolean hasNext() {
      return offset < string.text().length();
    }

    @Override
    public Value next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      int begin = offset;
      offset += Character.charCount(string.text().codePointAt(begin));
      return string.slice(begin, offset, budget);
    }
  }
}
