package dev.chaski.grammar;

import dev.chaski.grammar.Expression.Characters;
import dev.chaski.grammar.Expression.Choice;
import dev.chaski.grammar.Expression.Literal;
import dev.chaski.grammar.Expression.Reference;
import dev.chaski.grammar.Expression.Repeat;
import dev.chaski.grammar.Expression.Sequence;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Values as JSON writes them. */
final class JsonText {
  private static final CodePoints ESCAPED =
      CodePoints.of(0, 0x1F).plus(CodePoints.of("\"\\")).plus(CodePoints.of(0x7F, 0x7F));

  private JsonText() {}

  /** A value as one text. */
  static String of(Object value) {
    return switch (value) {
      case null -> "null";
      case String text -> quoted(text);
      case BigDecimal number -> number(number);
      case List<?> list -> "[" + String.join(", ", list.stream().map(JsonText::of).toList()) + "]";
      case Map<?, ?> map -> {
        List<String> members = new ArrayList<>();
        map.forEach((key, member) -> members.add(quoted((String) key) + ": " + of(member)));
        yield "{" + String.join(", ", members) + "}";
      }
      case Object other -> other.toString(); // a boolean
    };
  }

  private static String number(BigDecimal number) {
    BigDecimal shortest = number.stripTrailingZeros();
    boolean plain = shortest.precision() - shortest.scale() <= 20 && shortest.scale() <= 20;
    return plain ? shortest.toPlainString() : shortest.toString();
  }

  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints().forEach(c -> quoted.append(character(c)));
    return quoted.append('"').toString();
  }

  private static String character(int c) {
    boolean surrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    return switch (c) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\b' -> "\\b";
      case '\f' -> "\\f";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> surrogate || ESCAPED.contains(c) ? "\\u%04x".formatted(c) : Character.toString(c);
    };
  }

  /** An expression for the content of a string, given one for its value. */
  static Expression content(Expression value) {
    return switch (value) {
      case Literal(String text) -> {
        String quoted = quoted(text);
        yield Expression.literal(quoted.substring(1, quoted.length() - 1));
      }
      case Characters(CodePoints set) -> characters(set);
      case Sequence(List<Expression> parts) ->
          Expression.sequence(parts.stream().map(JsonText::content).toList());
      case Choice(List<Expression> alternatives) ->
          new Choice(alternatives.stream().map(JsonText::content).toList());
      case Repeat(Expression part, int min, int max) -> new Repeat(content(part), min, max);
      case Reference reference -> reference;
    };
  }

  /** Of control characters only the common ones, unless there is nothing else in the set. */
  private static Expression characters(CodePoints set) {
    CodePoints plain = set.minus(ESCAPED);
    CodePoints escaped = set.and(ESCAPED);
    if (!plain.isEmpty()) {
      escaped = escaped.and(CodePoints.of("\"\\\b\f\n\r\t"));
    }
    List<Expression> alternatives = new ArrayList<>();
    if (!plain.isEmpty()) {
      alternatives.add(new Characters(plain));
    }
    for (CodePoints.Range range : escaped.ranges()) {
      for (int c = range.first(); c <= range.last(); c++) {
        alternatives.add(new Literal(character(c)));
      }
    }
    return Expression.choice(alternatives);
  }
}
