package dev.chaski.grammar;

import dev.chaski.grammar.Expression.Characters;
import dev.chaski.grammar.Expression.Repeat;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the regular expressions of JSON Schema's {@code pattern} (ECMA-262): alternatives, groups,
 * classes, quantifiers, and anchors at the beginning and end of the whole. Without an anchor
 * anything may come before or behind. What cannot be a grammar (looking around, back references) is
 * refused.
 */
final class PatternParser {
  private static final int MAX_NESTING = 50;
  private static final int MAX_REPETITIONS = 10_000;
  private static final int END = -1;

  private static final CodePoints DIGITS = CodePoints.of('0', '9');
  private static final CodePoints WORD =
      DIGITS.plus(CodePoints.of('a', 'z')).plus(CodePoints.of('A', 'Z')).plus(CodePoints.of("_"));
  private static final CodePoints SPACE =
      CodePoints.of(" \t\n\r\f\u000B\u00A0\uFEFF\u1680\u2028\u2029\u202F\u205F\u3000")
          .plus(CodePoints.of(0x2000, 0x200A));
  private static final CodePoints LINE_ENDS = CodePoints.of("\n\r\u2028\u2029");
  private static final Expression ANYTHING =
      new Repeat(new Characters(CodePoints.ALL), 0, Repeat.UNBOUNDED);

  private final String pattern;
  private int at;
  private int nesting;

  private PatternParser(String pattern) {
    this.pattern = pattern;
  }

  /**
   * The texts in which a pattern is found.
   *
   * @throws GrammarException if it is not well-formed or not supported; the message names the place
   */
  static Expression parse(String pattern) {
    PatternParser parser = new PatternParser(pattern);
    List<Expression> alternatives = new ArrayList<>();
    do {
      alternatives.add(parser.anchored());
    } while (parser.take('|'));
    if (parser.peek() != END) {
      throw parser.fault("unexpected '" + Character.toString(parser.peek()) + "'");
    }
    return Expression.choice(alternatives);
  }

  private Expression anchored() {
    boolean fromStart = take('^');
    Expression middle = sequence();
    boolean toEnd = take('$');
    return Expression.sequence(
        fromStart ? Expression.empty() : ANYTHING, middle, toEnd ? Expression.empty() : ANYTHING);
  }

  private Expression alternatives() {
    List<Expression> alternatives = new ArrayList<>();
    do {
      alternatives.add(sequence());
    } while (take('|'));
    return Expression.choice(alternatives);
  }

  private Expression sequence() {
    List<Expression> parts = new ArrayList<>();
    while (true) {
      switch (peek()) {
        case END, '|', ')', '$' -> {
          return Expression.sequence(parts);
        }
        default -> parts.add(quantified(atom()));
      }
    }
  }

  private Expression atom() {
    int c = next();
    return switch (c) {
      case '.' -> new Characters(LINE_ENDS.complement());
      case '(' -> group();
      case '[' -> characterClass();
      case '\\' -> new Characters(escape(false));
      case '^' -> throw fault("'^' is supported at the beginning of the pattern only");
      case '*', '+', '?', '{' -> throw fault("there is nothing to repeat");
      default -> Expression.literal(Character.toString(c));
    };
  }

  private Expression group() {
    if (++nesting > MAX_NESTING) {
      throw fault("groups are nested more than %d deep".formatted(MAX_NESTING));
    }
    if (take('?')) {
      boolean named =
          peek() == '<' && !pattern.startsWith("<=", at) && !pattern.startsWith("<!", at);
      if (named && pattern.indexOf('>', at) > 0) {
        at = pattern.indexOf('>', at) + 1;
      } else if (!take(':')) {
        throw fault("looking ahead or behind is not supported");
      }
    }
    Expression inner = alternatives();
    if (peek() == '$') {
      throw fault("'$' is supported at the end of the pattern only");
    }
    if (!take(')')) {
      throw fault("a '(' has no ')'");
    }
    nesting--;
    return inner;
  }

  private Expression quantified(Expression atom) {
    int min;
    int max;
    switch (peek()) {
      case '*' -> {
        min = 0;
        max = Repeat.UNBOUNDED;
      }
      case '+' -> {
        min = 1;
        max = Repeat.UNBOUNDED;
      }
      case '?' -> {
        min = 0;
        max = 1;
      }
      case '{' -> {
        return counted(atom);
      }
      default -> {
        return atom;
      }
    }
    next();
    take('?'); // lazy: the same texts
    return Expression.repeat(atom, min, max);
  }

  private Expression counted(Expression atom) {
    next();
    int min = integer();
    int max = min;
    if (take(',')) {
      max = peek() == '}' ? Repeat.UNBOUNDED : integer();
    }
    if (!take('}')) {
      throw fault("expected '}', as in {2}, {2,} or {2,5}; a brace itself is \\{");
    }
    if (max != Repeat.UNBOUNDED && max < min) {
      throw fault("{%d,%d} ends before it begins".formatted(min, max));
    }
    take('?');
    return Expression.repeat(atom, min, max);
  }

  private int integer() {
    int start = at;
    int value = 0;
    while (peek() >= '0' && peek() <= '9') {
      value = value * 10 + next() - '0';
      if (value > MAX_REPETITIONS) {
        throw fault("repetitions are counted up to %,d here".formatted(MAX_REPETITIONS));
      }
    }
    if (at == start) {
      throw fault("expected a number of repetitions; a brace itself is \\{");
    }
    return value;
  }

  private Expression characterClass() {
    boolean negated = take('^');
    CodePoints set = CodePoints.NONE;
    while (peek() != ']') {
      CodePoints first = member();
      boolean range = peek() == '-' && at + 1 < pattern.length() && pattern.charAt(at + 1) != ']';
      if (range && first.size() == 1) {
        next();
        CodePoints last = member();
        int from = first.ranges().getFirst().first();
        int to = last.isEmpty() ? -1 : last.ranges().getFirst().first();
        if (last.size() != 1 || to < from) {
          throw fault("the range in a class ends before it begins, or not with a character");
        }
        first = CodePoints.of(from, to);
      }
      set = set.plus(first);
    }
    next();
    return new Characters(negated ? set.complement() : set);
  }

  private CodePoints member() {
    if (peek() == END) {
      throw fault("a '[' has no ']'");
    }
    int c = next();
    return c == '\\' ? escape(true) : CodePoints.of(c, c);
  }

  private CodePoints escape(boolean inClass) {
    if (peek() == END) {
      throw fault("there is nothing behind the last backslash");
    }
    int c = next();
    return switch (c) {
      case 'd' -> DIGITS;
      case 'D' -> DIGITS.complement();
      case 'w' -> WORD;
      case 'W' -> WORD.complement();
      case 's' -> SPACE;
      case 'S' -> SPACE.complement();
      case 't' -> CodePoints.of("\t");
      case 'n' -> CodePoints.of("\n");
      case 'r' -> CodePoints.of("\r");
      case 'f' -> CodePoints.of("\f");
      case 'v' -> CodePoints.of("\u000B");
      case '0' -> CodePoints.of("\0");
      case 'b' -> {
        if (!inClass) {
          throw fault("\\b is not supported");
        }
        yield CodePoints.of("\b");
      }
      case 'x' -> hex(2);
      case 'u' -> hex(4);
      default -> {
        if (Character.isLetterOrDigit(c)) {
          throw fault("\\" + Character.toString(c) + " is not supported");
        }
        yield CodePoints.of(c, c);
      }
    };
  }

  private CodePoints hex(int digits) {
    String text;
    if (digits == 4 && take('{')) {
      int close = pattern.indexOf('}', at);
      text = close < 0 ? "" : pattern.substring(at, close);
      at = close + 1;
    } else {
      text = pattern.substring(at, Math.min(pattern.length(), at + digits));
      at += text.length();
      text = text.length() == digits ? text : "";
    }
    if (!text.matches("[0-9A-Fa-f]{1,6}")
        || Integer.parseInt(text, 16) > Character.MAX_CODE_POINT) {
      throw fault("an escape has not the hexadecimal digits it needs");
    }
    int value = Integer.parseInt(text, 16);
    CodePoints set = CodePoints.of(value, value);
    if (set.isEmpty()) {
      throw fault("half of a surrogate pair is no character; write it as \\u{1F600}");
    }
    return set;
  }

  private int peek() {
    return at == pattern.length() ? END : pattern.codePointAt(at);
  }

  private int next() {
    int c = peek();
    at += Character.charCount(c);
    return c;
  }

  private boolean take(char c) {
    boolean here = peek() == c;
    at += here ? 1 : 0;
    return here;
  }

  private GrammarException fault(String reason) {
    return new GrammarException(reason + " (in \"%s\" near character %d)".formatted(pattern, at));
  }
}
