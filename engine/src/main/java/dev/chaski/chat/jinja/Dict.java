package dev.chaski.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Python's {@code dict}: keeps the order of insertion; not changed once it is out of sight. */
final class Dict implements Value {
  /** One key and its value. */
  record Entry(Value key, Value value) {}

  private final Map<Object, Entry> entries = new LinkedHashMap<>();

  /** Adds an entry; as in Python, a key that is already there keeps its place and its spelling. */
  void put(Value key, Value value, Budget budget) {
    entries.merge(
        hashable(key, budget),
        new Entry(key, value),
        (old, added) -> new Entry(old.key(), added.value()));
  }

  /** The value of a key, or null. */
  Value get(Value key, Budget budget) {
    Entry entry = entries.get(hashable(key, budget));
    return entry == null ? null : entry.value();
  }

  /** The value of a key that is a plain string, or null. */
  Value get(String key) {
    Entry entry = entries.get(key);
    return entry == null ? null : entry.value();
  }

  Collection<Entry> entries() {
    return entries.values();
  }

  int size() {
    return entries.size();
  }

  @Override
  public String typeName() {
    return "dict";
  }

  /** Whether a value can be a key: no list and no dict, nor a tuple that holds one. */
  static boolean isHashable(Value value, Budget budget) {
    if (!(value instanceof Sequence sequence)) {
      return !(value instanceof Dict);
    }
    budget.steps(sequence.items().size());
    budget.enter();
    boolean hashable = sequence.isTuple();
    for (int i = 0; hashable && i < sequence.items().size(); i++) {
      hashable = isHashable(sequence.items().get(i), budget);
    }
    budget.leave();
    return hashable;
  }

  /**
   * A Java key that is equal for values equal in Python ({@code 1}, {@code 1.0} and {@code true}).
   * The kinds of key that a template can make many of are comparable, so that a map stays quick
   * even if all their hashes collide.
   */
  static Object hashable(Value value, Budget budget) {
    budget.step();
    return switch (value) {
      case Str string -> {
        budget.characters(string.text().length());
        yield string.text();
      }
      case Bool bool -> BigInteger.valueOf(bool.asInt());
      case Int number -> number.value();
      case Real number ->
          Double.isFinite(number.value()) && number.value() == Math.rint(number.value())
              ? new BigDecimal(number.value()).toBigInteger()
              : (Object) number.value();
      case Undefined _ -> Undefined.class;
      case Sequence sequence when sequence.isTuple() -> {
        budget.enter();
        List<Object> keys = new ArrayList<>();
        for (Value item : sequence.items()) {
          keys.add(hashable(item, budget));
        }
        budget.leave();
        yield TupleKey.of(keys, budget);
      }
      case Sequence _, Dict _ ->
          throw TemplateException.because("unhashable type: '" + value.typeName() + "'");
      case None _, Range _, DictView _, Generator _, Namespace _, Callable _ -> new Identity(value);
    };
  }

  /**
   * The keys of a tuple's items, each with its kind and length, so that no two tuples are mixed.
   */
  private record TupleKey(String spelled) implements Comparable<TupleKey> {
    static TupleKey of(List<Object> keys, Budget budget) {
      StringBuilder spelled = new StringBuilder();
      for (Object key : keys) {
        String text = key instanceof TupleKey tuple ? tuple.spelled : key.toString();
        budget.characters(text.length());
        spelled.append(key.getClass().getSimpleName()).append(text.length()).append(':');
        spelled.append(text);
      }
      return new TupleKey(spelled.toString());
    }

    @Override
    public int compareTo(TupleKey other) {
      return spelled.compareTo(other.spelled);
    }
  }

  /** A value that equals only itself. */
  private record Identity(Value value) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Identity(Value theirs) && Value.isSame(theirs, value);
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(value);
    }

    @Override
    public String toString() {
      return value.typeName() + '@' + System.identityHashCode(value);
    }
  }
}
