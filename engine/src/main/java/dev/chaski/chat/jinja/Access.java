package dev.chaski.chat.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Attributes, items and slices, by the rules of Jinja2's sandbox: {@code a.b} looks for an
 * attribute (a method) first and then for a key, {@code a['b']} the other way round.
 */
final class Access {
  private Access() {}

  /** {@code owner.name}. */
  static Value attribute(Value owner, String name, Budget budget) {
    Operators.refuseUndefined(owner, budget);
    Value member = member(owner, name, budget);
    if (member != null) {
      return member;
    }
    Value item = owner instanceof Dict dict ? dict.get(name) : null;
    return item != null ? item : undefined(owner, Str.ofTemplate(name));
  }

  /** {@code owner[key]}. */
  static Value item(Value owner, Value key, Budget budget) {
    Operators.refuseUndefined(owner, budget);
    Value item = null;
    if (owner instanceof Dict dict) {
      item = Dict.isHashable(key, budget) ? dict.get(key, budget) : null;
    } else if (Numbers.isInteger(key)) {
      item = element(owner, Numbers.integer(key), budget);
    }
    if (item == null && key instanceof Str name) {
      item = member(owner, name.text(), budget);
    }
    return item != null ? item : undefined(owner, key);
  }

  /** What Python's {@code getattr} finds, or null. */
  static Value member(Value owner, String name, Budget budget) {
    if (name.startsWith("__")) {
      return unsafe(owner, name);
    }
    return switch (owner) {
      case Str string -> StringMethods.bind(string, name);
      case Dict dict ->
          CollectionMethods.isMutator(dict, name)
              ? unsafe(owner, name)
              : CollectionMethods.bind(dict, name);
      case Value.Sequence list ->
          CollectionMethods.isMutator(list, name)
              ? unsafe(owner, name)
              : CollectionMethods.bind(list, name);
      case Value.Namespace namespace -> namespace.attributes().get(name);
      case LoopState loop -> loop.attribute(name);
      case Macro macro -> name.equals("name") ? Str.ofTemplate(macro.name()) : null;
      case Value.Undefined _,
          Value.None _,
          Value.Bool _,
          Value.Int _,
          Value.Real _,
          Value.Range _,
          Value.DictView _,
          Value.Generator _,
          Value.Callable _ ->
          null;
    };
  }

  /** {@code owner[index]} of a sequence, or null. */
  private static Value element(Value owner, BigInteger key, Budget budget) {
    if (!(owner instanceof Str
        || owner instanceof Value.Sequence
        || owner instanceof Value.Range)) {
      return null;
    }
    OptionalInt size = Iteration.size(owner);
    long index = Numbers.clamp(key);
    index += index < 0 ? size.orElse(0) : 0;
    if (index < 0 || index >= size.orElse(0)) {
      return null;
    }
    return at(owner, (int) index, budget);
  }

  private static Value at(Value sequence, int index, Budget budget) {
    return switch (sequence) {
      case Str string -> {
        int begin = string.offsetOf(index, budget);
        int end = begin + Character.charCount(string.text().codePointAt(begin));
        yield string.slice(begin, end, budget).markedAs(string);
      }
      case Value.Sequence list -> list.items().get(index);
      case Value.Range range -> range.at(index);
      default -> throw new AssertionError(sequence.typeName());
    };
  }

  /** {@code owner[start:stop:step]}; None for what is left out. */
  static Value slice(Value owner, Value start, Value stop, Value step, Budget budget) {
    Operators.refuseUndefined(owner, budget);
    if (!(owner instanceof Str
        || owner instanceof Value.Sequence
        || owner instanceof Value.Range)) {
      throw TemplateException.because(
          owner instanceof Dict
              ? "unhashable type: 'slice'"
              : "'" + owner.typeName() + "' object is not subscriptable");
    }
    long stride = bound(step, 1);
    if (stride == 0) {
      throw TemplateException.because("slice step cannot be zero");
    }
    int size = Iteration.length(owner);
    long first = clip(start, stride > 0 ? 0 : size - 1L, size, stride);
    long last = clip(stop, stride > 0 ? size : -1, size, stride);
    if (owner instanceof Str string && stride == 1) {
      return first >= last
          ? Str.EMPTY
          : string
              .slice(
                  string.offsetOf((int) first, budget), string.offsetOf((int) last, budget), budget)
              .markedAs(string);
    }
    List<Value> taken = new ArrayList<>();
    for (long i = first; stride > 0 ? i < last : i > last; i += Math.clamp(stride, -size, size)) {
      budget.step();
      taken.add(at(owner, (int) i, budget));
    }
    return switch (owner) {
      case Str string -> {
        StrBuilder builder = new StrBuilder(budget);
        taken.forEach(character -> builder.append((Str) character));
        yield builder.toStr().markedAs(string);
      }
      case Value.Range range ->
          new Value.Range(
              range.start() + first * range.step(),
              range.start() + last * range.step(),
              range.step() * stride,
              taken.size());
      default -> new Value.Sequence(taken, ((Value.Sequence) owner).isTuple());
    };
  }

  /** A bound as an index into a sequence of {@code size}, counted from its end if negative. */
  private static long clip(Value bound, long absent, int size, long stride) {
    if (bound == Value.None.NONE) {
      return absent;
    }
    long index = bound(bound, 0);
    index += index < 0 ? size : 0;
    return stride > 0 ? Math.clamp(index, 0, size) : Math.clamp(index, -1, size - 1);
  }

  private static long bound(Value bound, long absent) {
    if (bound == Value.None.NONE) {
      return absent;
    }
    if (!Numbers.isInteger(bound)) {
      throw TemplateException.because(
          "slice indices must be integers or None or have an __index__ method");
    }
    return Numbers.clamp(Numbers.integer(bound));
  }

  /**
   * A look-up by a path such as {@code function.name} or {@code 0.name}, for filters that take an
   * attribute.
   */
  static Value path(Value owner, List<Value> parts, Value absent, Budget budget) {
    Value found = owner;
    for (Value part : parts) {
      found = item(found, part, budget);
      if (absent != null && found instanceof Value.Undefined) {
        found = absent;
      }
    }
    return found;
  }

  /** The parts of a path: names, and numbers as integers. */
  static List<Value> pathParts(Value attribute, Budget budget) {
    if (!(attribute instanceof Str string)) {
      return attribute == Value.None.NONE ? List.of() : List.of(attribute);
    }
    budget.characters(string.text().length());
    List<Value> parts = new ArrayList<>();
    for (String part : string.text().split("\\.", -1)) {
      boolean isNumber = !part.isEmpty() && part.chars().allMatch(Character::isDigit);
      parts.add(
          isNumber
              ? Numbers.parseInteger(part, 10).<Value>map(Value.Int::new).orElse(Value.None.NONE)
              : Str.ofContext(part));
    }
    return parts;
  }

  private static Value.Undefined unsafe(Value owner, String name) {
    return Value.Undefined.because(
        "access to attribute '" + name + "' of '" + owner.typeName() + "' object is unsafe.");
  }

  /** What a missing {@code name} of {@code owner} is. */
  static Value.Undefined undefined(Value owner, Value name) {
    String described =
        switch (owner) {
          case Value.None _ -> "None";
          case Value.Namespace _ -> "jinja2.utils.Namespace object";
          case LoopState _ -> "jinja2.runtime.LoopContext object";
          case Macro _ -> "jinja2.runtime.Macro object";
          case Str string when string.isMarkup() -> "markupsafe.Markup object";
          default -> owner.typeName() + " object";
        };
    return new Value.Undefined("", described, name);
  }
}
