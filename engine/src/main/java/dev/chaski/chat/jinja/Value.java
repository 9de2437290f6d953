package dev.chaski.chat.jinja;

import java.math.BigInteger;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything a template can hold: Python's values as far as templates use them. All of them are
 * immutable but {@link Namespace}, as in the sandbox of Jinja2, and a {@link Generator}'s position.
 */
sealed interface Value
    permits Str,
        Dict,
        Value.Undefined,
        Value.None,
        Value.Bool,
        Value.Int,
        Value.Real,
        Value.Sequence,
        Value.Range,
        Value.DictView,
        Value.Generator,
        Value.Namespace,
        Value.Callable {

  /** Python's name of the type, as its error messages say it. */
  String typeName();

  /**
   * What a name, key or index that is not there gives. It prints as nothing, is false and empty;
   * anything else done with it fails with the message kept here.
   *
   * @param hint the whole message, or empty to make one of owner and name
   * @param owner what was asked for the name ({@code dict object}), or empty for a variable
   * @param name the name, key or index
   */
  record Undefined(String hint, String owner, Value name) implements Value {
    static Undefined variable(String name) {
      return new Undefined("", "", Str.ofTemplate(name));
    }

    static Undefined because(String hint) {
      return new Undefined(hint, "", None.NONE);
    }

    @Override
    public String typeName() {
      return "Undefined";
    }

    /** The failure of using this value. */
    TemplateException failure(Budget budget) {
      if (!hint.isEmpty()) {
        return TemplateException.because(hint);
      }
      String shown = Printer.repr(name, budget).text();
      if (owner.isEmpty()) {
        return TemplateException.because(shown + " is undefined");
      }
      return TemplateException.because(
          name instanceof Str
              ? "'" + owner + "' has no attribute " + shown
              : owner + " has no element " + shown);
    }
  }

  /** Python's {@code None}. */
  enum None implements Value {
    /** The only one. */
    NONE;

    @Override
    public String typeName() {
      return "NoneType";
    }
  }

  /** Python's {@code bool}: also the integers 0 and 1. */
  enum Bool implements Value {
    /** 0. */
    FALSE(0),
    /** 1. */
    TRUE(1);

    private final int asInt;

    Bool(int asInt) {
      this.asInt = asInt;
    }

    /** The integer it is to Python. */
    int asInt() {
      return asInt;
    }

    static Bool of(boolean value) {
      return value ? TRUE : FALSE;
    }

    @Override
    public String typeName() {
      return "bool";
    }
  }

  /** Python's {@code int}, of any size up to {@link Budget#MAX_INTEGER_BITS}. */
  record Int(BigInteger value) implements Value {
    static Int of(long value) {
      return new Int(BigInteger.valueOf(value));
    }

    @Override
    public String typeName() {
      return "int";
    }
  }

  /** Python's {@code float}. */
  record Real(double value) implements Value {
    @Override
    public String typeName() {
      return "float";
    }
  }

  /** Python's {@code list} or {@code tuple}; nobody changes the items once it is made. */
  record Sequence(List<Value> items, boolean isTuple) implements Value {
    static Sequence list(List<Value> items) {
      return new Sequence(items, false);
    }

    static Sequence tuple(List<Value> items) {
      return new Sequence(items, true);
    }

    static Sequence pair(Value first, Value second) {
      return tuple(List.of(first, second));
    }

    @Override
    public String typeName() {
      return isTuple ? "tuple" : "list";
    }
  }

  /**
   * Python's {@code range}.
   *
   * @param size how many numbers it has
   */
  record Range(long start, long stop, long step, int size) implements Value {
    Int at(int index) {
      return Int.of(start + index * step);
    }

    @Override
    public String typeName() {
      return "range";
    }
  }

  /** What {@code dict.keys()}, {@code values()} and {@code items()} give. */
  record DictView(Dict dict, Part part) implements Value {
    /** Which part of the entries is seen. */
    enum Part {
      /** {@code keys()}. */
      KEYS,
      /** {@code values()}. */
      VALUES,
      /** {@code items()}. */
      ITEMS
    }

    List<Value> items() {
      return dict.entries().stream()
          .map(entry ->
              switch (part) {
                case KEYS -> entry.key();
                case VALUES -> entry.value();
                case ITEMS -> Sequence.pair(entry.key(), entry.value());
              })
          .toList();
    }

    @Override
    public String typeName() {
      return switch (part) {
        case KEYS -> "dict_keys";
        case VALUES -> "dict_values";
        case ITEMS -> "dict_items";
      };
    }
  }

  /** A sequence that can be walked once, as filters such as {@code map} give. */
  final class Generator implements Value {
    private final Iterator<Value> rest;

    Generator(Iterator<Value> rest) {
      this.rest = rest;
    }

    Iterator<Value> rest() {
      return rest;
    }

    @Override
    public String typeName() {
      return "generator";
    }
  }

  /** What {@code namespace()} gives: the only thing a template can change. */
  final class Namespace implements Value {
    private final Map<String, Value> attributes = new LinkedHashMap<>();

    Map<String, Value> attributes() {
      return attributes;
    }

    @Override
    public String typeName() {
      return "Namespace";
    }
  }

  /** A macro, function, bound method or loop. */
  non-sealed interface Callable extends Value {
    /** Calls it. */
    Value call(Arguments arguments, Evaluator evaluator);

    /** How it prints. */
    String description();
  }

  /**
   * A function of ours, bound to its receiver if it is a method.
   *
   * @param name for messages
   */
  record Function(String name, Body body) implements Callable {
    /** What the function does. */
    @FunctionalInterface
    interface Body {
      Value call(Arguments arguments, Evaluator evaluator);
    }

    @Override
    public Value call(Arguments arguments, Evaluator evaluator) {
      return body.call(arguments, evaluator);
    }

    @Override
    public String description() {
      return "<function " + name + ">";
    }

    @Override
    public String typeName() {
      return "builtin_function_or_method";
    }
  }

  /** {@code a is b}. */
  @SuppressWarnings("ReferenceEquality") // Identity is what is asked for.
  static boolean isSame(Value a, Value b) {
    return a == b;
  }

  /** Python's truth of a value. */
  static boolean isTrue(Value value) {
    return switch (value) {
      case Undefined _, None _ -> false;
      case Bool bool -> bool == Bool.TRUE;
      case Int number -> number.value().signum() != 0;
      case Real number -> number.value() != 0;
      case Str string -> !string.isEmpty();
      case Sequence sequence -> !sequence.items().isEmpty();
      case Dict dict -> dict.size() != 0;
      case DictView view -> view.dict().size() != 0;
      case Range range -> range.size() != 0;
      case Generator _, Namespace _, Callable _ -> true;
    };
  }
}
