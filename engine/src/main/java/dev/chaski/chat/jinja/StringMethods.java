package dev.chaski.chat.jinja;

import static java.util.Map.entry;

import java.util.Map;
import java.util.function.IntPredicate;

/** The methods of Python's {@code str}. What they do to the text is in {@link StringOperations}. */
final class StringMethods {
  @FunctionalInterface
  private interface Method {
    Value call(Str self, Arguments arguments, Evaluator evaluator);
  }

  private static final Map<String, Method> METHODS =
      Map.ofEntries(
          entry("capitalize", plain("capitalize", StringOperations::capitalize)),
          entry("casefold", plain("casefold", StringOperations::lower)),
          entry("center", padded("center", StringOperations.Align.CENTER)),
          entry("count", StringMethods::count),
          entry("endswith", affix("endswith", StringMethods::endsWith)),
          entry("find", searching("find", false, false)),
          entry("format", (self, a, evaluator) -> BraceFormat.format(self, a, evaluator.budget())),
          entry("index", searching("index", false, true)),
          entry("isalnum", every("isalnum", Character::isLetterOrDigit)),
          entry("isalpha", every("isalpha", Character::isLetter)),
          entry("isascii", every("isascii", codePoint -> codePoint < 0x80)),
          entry("isdecimal", every("isdecimal", Character::isDigit)),
          entry("isdigit", every("isdigit", Character::isDigit)),
          entry("islower", isCase("islower", false)),
          entry("isnumeric", every("isnumeric", StringMethods::isNumeric)),
          entry("isspace", every("isspace", PythonText::isSpace)),
          entry("isupper", isCase("isupper", true)),
          entry("join", StringMethods::join),
          entry("ljust", padded("ljust", StringOperations.Align.LEFT)),
          entry("lower", plain("lower", StringOperations::lower)),
          entry("lstrip", stripped("lstrip", true, false)),
          entry("partition", partitioned("partition", false)),
          entry("removeprefix", affixRemoved("removeprefix", true)),
          entry("removesuffix", affixRemoved("removesuffix", false)),
          entry("replace", StringMethods::replace),
          entry("rfind", searching("rfind", true, false)),
          entry("rindex", searching("rindex", true, true)),
          entry("rjust", padded("rjust", StringOperations.Align.RIGHT)),
          entry("rpartition", partitioned("rpartition", true)),
          entry("rsplit", splitting("rsplit", true)),
          entry("rstrip", stripped("rstrip", false, true)),
          entry("split", splitting("split", false)),
          entry("splitlines", StringMethods::splitLines),
          entry("startswith", affix("startswith", StringMethods::startsWith)),
          entry("strip", stripped("strip", true, true)),
          entry("swapcase", plain("swapcase", StringOperations::swapCase)),
          entry("title", plain("title", StringOperations::title)),
          entry("upper", plain("upper", StringOperations::upper)),
          entry("zfill", StringMethods::zeroFill));

  private StringMethods() {}

  /** The method of a string, or null. */
  static Value bind(Str self, String name) {
    Method method = METHODS.get(name);
    if (method == null) {
      return null;
    }
    if (self.isMarkup()) {
      return new Value.Function(
          name,
          (arguments, in) ->
              Markup.marked(method.call(self, Markup.escaped(name, arguments, in.budget()), in)));
    }
    return new Value.Function(name, (arguments, in) -> method.call(self, arguments, in));
  }

  @FunctionalInterface
  private interface Change {
    Str apply(Str self, Budget budget);
  }

  private static Method plain(String name, Change change) {
    return (self, arguments, evaluator) -> {
      arguments.bind(name, 0);
      return change.apply(self, evaluator.budget());
    };
  }

  private static Method every(String name, IntPredicate test) {
    return (self, arguments, evaluator) -> {
      arguments.bind(name, 0);
      evaluator.budget().characters(self.text().length());
      return Value.Bool.of(!self.isEmpty() && self.text().codePoints().allMatch(test));
    };
  }

  private static boolean isNumeric(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
      default -> false;
    };
  }

  private static Method isCase(String name, boolean upper) {
    return (self, arguments, evaluator) -> {
      arguments.bind(name, 0);
      return Value.Bool.of(StringOperations.isCase(self, upper, evaluator.budget()));
    };
  }

  private static Method padded(String name, StringOperations.Align align) {
    return (self, arguments, evaluator) -> {
      Value[] bound = arguments.bind(name, 1, "width", "fillchar");
      Str fill = bound[1] == null ? Str.ofTemplate(" ") : Arguments.string(bound[1], name);
      if (fill.length() != 1) {
        throw TemplateException.because("The fill character must be exactly one character long");
      }
      long width = Arguments.integer(bound[0], 0);
      return StringOperations.pad(self, width, fill, align, evaluator.budget());
    };
  }

  private static Method stripped(String name, boolean start, boolean end) {
    return (self, arguments, evaluator) -> {
      Value chars = arguments.bind(name, 0, "chars")[0];
      Str set = chars == null || chars == Value.None.NONE ? null : Arguments.string(chars, name);
      return StringOperations.strip(self, set, start, end, evaluator.budget());
    };
  }

  private static Method splitting(String name, boolean fromEnd) {
    return (self, arguments, evaluator) -> {
      Value[] bound = arguments.bind(name, 0, "sep", "maxsplit");
      long most = Arguments.integer(bound[1], -1);
      long limit = most < 0 ? Long.MAX_VALUE : most;
      Budget budget = evaluator.budget();
      if (bound[0] == null || bound[0] == Value.None.NONE) {
        return StringOperations.splitAtSpace(self, limit, fromEnd, budget);
      }
      Str separator = Arguments.string(bound[0], name);
      if (separator.isEmpty()) {
        throw TemplateException.because("empty separator");
      }
      return StringOperations.split(self, separator.text(), limit, fromEnd, budget);
    };
  }

  private static Value splitLines(Str self, Arguments arguments, Evaluator evaluator) {
    Value keepEnds = arguments.bind("splitlines", 0, "keepends")[0];
    return Value.Sequence.list(
        StringOperations.lines(self, Arguments.truth(keepEnds, false), evaluator.budget()));
  }

  private static Method searching(String name, boolean last, boolean mustBeThere) {
    return (self, arguments, evaluator) -> {
      Value[] bound = arguments.bind(name, 1, "sub", "start", "end");
      Budget budget = evaluator.budget();
      Str wanted = Arguments.string(bound[0], name);
      Window window = Window.of(self, bound[1], bound[2], budget);
      int found =
          window.isEmpty()
              ? -1
              : last
                  ? PythonText.findLast(self.text(), wanted.text(), window.end(), budget)
                  : PythonText.find(self.text(), wanted.text(), window.begin(), budget);
      if (found < window.begin() || found + wanted.text().length() > window.end()) {
        if (mustBeThere) {
          throw TemplateException.because("substring not found");
        }
        return Value.Int.of(-1);
      }
      return Value.Int.of(self.indexOf(found, budget));
    };
  }

  private static Value count(Str self, Arguments arguments, Evaluator evaluator) {
    Value[] bound = arguments.bind("count", 1, "sub", "start", "end");
    Budget budget = evaluator.budget();
    Window window = Window.of(self, bound[1], bound[2], budget);
    Str part = self.slice(window.begin(), Math.max(window.begin(), window.end()), budget);
    String wanted = Arguments.string(bound[0], "count").text();
    if (wanted.isEmpty()) {
      return Value.Int.of(window.isEmpty() ? 0 : part.length() + 1);
    }
    int count = 0;
    int found = PythonText.find(part.text(), wanted, 0, budget);
    while (found >= 0) {
      count++;
      found = PythonText.find(part.text(), wanted, found + wanted.length(), budget);
    }
    return Value.Int.of(count);
  }

  /**
   * The part of a string that {@code start} and {@code end} arguments choose, in offsets; empty
   * (not even the empty string is found in it) if it ends before it begins.
   */
  private record Window(int begin, int end) {
    static Window of(Str self, Value start, Value end, Budget budget) {
      return new Window(offset(self, start, 0, budget), offset(self, end, self.length(), budget));
    }

    private static int offset(Str self, Value bound, int absent, Budget budget) {
      boolean isAbsent = bound == null || bound == Value.None.NONE;
      long index = isAbsent ? absent : Arguments.integer(bound, absent);
      index += index < 0 ? self.length() : 0;
      if (index > self.length()) {
        return self.text().length() + 1;
      }
      return self.offsetOf((int) Math.max(index, 0), budget);
    }

    Window(int begin, int end) {
      this.begin = begin;
      this.end = Math.max(end, 0);
    }

    boolean isEmpty() {
      return begin > end;
    }
  }

  @FunctionalInterface
  private interface AffixTest {
    boolean test(String text, String affix);
  }

  private static boolean startsWith(String text, String affix) {
    return text.startsWith(affix);
  }

  private static boolean endsWith(String text, String affix) {
    return text.endsWith(affix);
  }

  private static Method affix(String name, AffixTest test) {
    return (self, arguments, evaluator) -> {
      Value[] bound = arguments.bind(name, 1, "prefix", "start", "end");
      Budget budget = evaluator.budget();
      Window window = Window.of(self, bound[1], bound[2], budget);
      if (window.isEmpty()) {
        return Value.Bool.FALSE;
      }
      int end = Math.min(window.end(), self.text().length());
      String text = self.slice(Math.min(window.begin(), end), end, budget).text();
      if (bound[0] instanceof Value.Sequence choices && choices.isTuple()) {
        for (Value choice : choices.items()) {
          budget.step();
          if (matches(test, text, Arguments.string(choice, name), budget)) {
            return Value.Bool.TRUE;
          }
        }
        return Value.Bool.FALSE;
      }
      return Value.Bool.of(matches(test, text, Arguments.string(bound[0], name), budget));
    };
  }

  private static boolean matches(AffixTest test, String text, Str affix, Budget budget) {
    budget.characters(Math.min(text.length(), affix.text().length()));
    return test.test(text, affix.text());
  }

  private static Method affixRemoved(String name, boolean prefix) {
    return (self, arguments, evaluator) -> {
      String affix = Arguments.string(arguments.bind(name, 1, "prefix")[0], name).text();
      Budget budget = evaluator.budget();
      int length = self.text().length();
      if (prefix && matches(StringMethods::startsWith, self.text(), Str.ofContext(affix), budget)) {
        return self.slice(affix.length(), length, budget);
      }
      if (!prefix && matches(StringMethods::endsWith, self.text(), Str.ofContext(affix), budget)) {
        return self.slice(0, length - affix.length(), budget);
      }
      return self;
    };
  }

  private static Method partitioned(String name, boolean last) {
    return (self, arguments, evaluator) -> {
      Str separator = Arguments.string(arguments.bind(name, 1, "sep")[0], name);
      if (separator.isEmpty()) {
        throw TemplateException.because("empty separator");
      }
      return StringOperations.partition(self, separator.text(), last, evaluator.budget());
    };
  }

  private static Value join(Str self, Arguments arguments, Evaluator evaluator) {
    Budget budget = evaluator.budget();
    StrBuilder builder = new StrBuilder(budget);
    int index = 0;
    for (Value item : Iteration.toList(arguments.bind("join", 1, "iterable")[0], budget)) {
      if (!(item instanceof Str string)) {
        throw TemplateException.because(
            "sequence item %d: expected str instance, %s found".formatted(index, item.typeName()));
      }
      if (index++ > 0) {
        builder.append(self);
      }
      builder.append(string);
    }
    return builder.toStr();
  }

  private static Value replace(Str self, Arguments arguments, Evaluator evaluator) {
    Value[] bound = arguments.bind("replace", 2, "old", "new", "count");
    long most = Arguments.integer(bound[2], -1);
    return StringOperations.replace(
        self,
        Arguments.string(bound[0], "replace").text(),
        Arguments.string(bound[1], "replace"),
        most < 0 ? Long.MAX_VALUE : most,
        evaluator.budget());
  }

  private static Value zeroFill(Str self, Arguments arguments, Evaluator evaluator) {
    long width = Arguments.integer(arguments.bind("zfill", 1, "width")[0], 0);
    return StringOperations.zeroFill(self, width, evaluator.budget());
  }
}
