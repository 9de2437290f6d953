package dev.chaski.chat.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** What Python does to text, with every character keeping its provenance. */
final class StringOperations {
  /** Where padding leaves the text. */
  enum Align {
    /** Padding after it. */
    LEFT,
    /** Padding on both sides. */
    CENTER,
    /** Padding before it. */
    RIGHT
  }

  private StringOperations() {}

  static Str upper(Str text, Budget budget) {
    return text.mapRuns(run -> run.toUpperCase(Locale.ROOT), budget);
  }

  static Str lower(Str text, Budget budget) {
    return text.mapRuns(run -> run.toLowerCase(Locale.ROOT), budget);
  }

  static Str capitalize(Str text, Budget budget) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.text().codePointAt(0);
    Str rest = text.slice(Character.charCount(first), text.text().length(), budget);
    return new StrBuilder(budget)
        .append(titleCase(first), text.isFromTemplate(0))
        .append(lower(rest, budget))
        .toStr();
  }

  private static String titleCase(int codePoint) {
    int title = Character.toTitleCase(codePoint);
    return title != codePoint
        ? Character.toString(title)
        : Character.toString(codePoint).toUpperCase(Locale.ROOT);
  }

  static Str swapCase(Str text, Budget budget) {
    StrBuilder builder = new StrBuilder(budget);
    String chars = text.text();
    for (int i = 0; i < chars.length(); ) {
      int codePoint = chars.codePointAt(i);
      String letter = Character.toString(codePoint);
      builder.append(
          Character.isUpperCase(codePoint)
              ? letter.toLowerCase(Locale.ROOT)
              : letter.toUpperCase(Locale.ROOT),
          text.isFromTemplate(i));
      i += letter.length();
    }
    return builder.toStr();
  }

  /** {@code str.title()}: a capital wherever a letter follows none. */
  static Str title(Str text, Budget budget) {
    StrBuilder builder = new StrBuilder(budget);
    String chars = text.text();
    boolean insideWord = false;
    for (int i = 0; i < chars.length(); ) {
      int codePoint = chars.codePointAt(i);
      String letter = Character.toString(codePoint);
      builder.append(
          insideWord ? letter.toLowerCase(Locale.ROOT) : titleCase(codePoint),
          text.isFromTemplate(i));
      insideWord = isCased(codePoint);
      i += letter.length();
    }
    return builder.toStr();
  }

  private static boolean isCased(int codePoint) {
    return Character.isUpperCase(codePoint)
        || Character.isLowerCase(codePoint)
        || Character.isTitleCase(codePoint);
  }

  /** Whether there are letters with case, all of them of that one. */
  static boolean isCase(Str text, boolean upper, Budget budget) {
    budget.characters(text.text().length());
    boolean any = false;
    for (int i = 0; i < text.text().length(); ) {
      int codePoint = text.text().codePointAt(i);
      if (isCased(codePoint)) {
        if (upper != Character.isUpperCase(codePoint) || Character.isTitleCase(codePoint)) {
          return false;
        }
        any = true;
      }
      i += Character.charCount(codePoint);
    }
    return any;
  }

  /**
   * {@code str.strip} and its sides.
   *
   * @param set the characters to take off, or null for white space
   */
  static Str strip(Str text, Str set, boolean start, boolean end, Budget budget) {
    String chars = text.text();
    int from = 0;
    int to = chars.length();
    while (start && from < to && isIn(set, chars.codePointAt(from), budget)) {
      from += Character.charCount(chars.codePointAt(from));
    }
    while (end && from < to && isIn(set, chars.codePointBefore(to), budget)) {
      to -= Character.charCount(chars.codePointBefore(to));
    }
    return text.slice(from, to, budget);
  }

  private static boolean isIn(Str set, int codePoint, Budget budget) {
    budget.characters(set == null ? 1 : 1 + set.text().length());
    return set == null ? PythonText.isSpace(codePoint) : set.text().indexOf(codePoint) >= 0;
  }

  static Str pad(Str text, long width, Str fill, Align align, Budget budget) {
    long padding = width - text.length();
    if (padding <= 0) {
      return text;
    }
    budget.requireCharacters(padding);
    // Python's centre leans left for even widths and right for odd ones.
    long left =
        switch (align) {
          case LEFT -> 0;
          case RIGHT -> padding;
          case CENTER -> padding / 2 + (padding & width & 1);
        };
    return new StrBuilder(budget)
        .append(fill.times(left, budget))
        .append(text)
        .append(fill.times(padding - left, budget))
        .toStr();
  }

  static Str zeroFill(Str text, long width, Budget budget) {
    int sign = !text.isEmpty() && "+-".indexOf(text.text().charAt(0)) >= 0 ? 1 : 0;
    Str digits = text.slice(sign, text.text().length(), budget);
    Str padded = pad(digits, width - sign, Str.ofTemplate("0"), Align.RIGHT, budget);
    return text.slice(0, sign, budget).plus(padded, budget);
  }

  static Str replace(Str text, String old, Str replacement, long most, Budget budget) {
    StrBuilder builder = new StrBuilder(budget);
    String chars = text.text();
    int from = 0;
    for (long done = 0; done < most; done++) {
      int found = PythonText.find(chars, old, from, budget);
      if (old.isEmpty()) {
        builder.append(replacement);
        if (from == chars.length()) {
          break;
        }
        found = from + Character.charCount(chars.codePointAt(from));
        builder.append(text, from, found);
      } else {
        if (found < 0) {
          break;
        }
        builder.append(text, from, found).append(replacement);
      }
      from = found + old.length();
    }
    return builder.append(text, from, chars.length()).toStr();
  }

  static Value.Sequence split(
      Str text, String separator, long most, boolean fromEnd, Budget budget) {
    List<Value> parts = new ArrayList<>();
    String chars = text.text();
    int from = 0;
    int to = chars.length();
    while (parts.size() < most) {
      int found =
          fromEnd
              ? PythonText.findLast(chars, separator, to, budget)
              : PythonText.find(chars, separator, from, budget);
      if (found < 0) {
        break;
      }
      budget.step();
      int after = found + separator.length();
      parts.add(fromEnd ? text.slice(after, to, budget) : text.slice(from, found, budget));
      from = fromEnd ? from : after;
      to = fromEnd ? found : to;
    }
    parts.add(text.slice(from, to, budget));
    if (fromEnd) {
      Collections.reverse(parts);
    }
    return Value.Sequence.list(parts);
  }

  /** {@code str.split()} without a separator: the words between white space. */
  static Value.Sequence splitAtSpace(Str text, long most, boolean fromEnd, Budget budget) {
    List<Value> words = new ArrayList<>();
    String chars = text.text();
    budget.characters(chars.length());
    int from = fromEnd ? 0 : skipSpace(chars, 0);
    int to = fromEnd ? skipSpaceBack(chars, chars.length()) : chars.length();
    while (from < to && words.size() < most) {
      int edge = fromEnd ? wordStart(chars, to) : wordEnd(chars, from);
      budget.step();
      words.add(fromEnd ? text.slice(edge, to, budget) : text.slice(from, edge, budget));
      to = fromEnd ? skipSpaceBack(chars, edge) : to;
      from = fromEnd ? from : skipSpace(chars, edge);
    }
    if (from < to) {
      words.add(text.slice(from, to, budget));
    }
    if (fromEnd) {
      Collections.reverse(words);
    }
    return Value.Sequence.list(words);
  }

  private static int wordEnd(String chars, int from) {
    int end = from;
    while (end < chars.length() && !PythonText.isSpace(chars.charAt(end))) {
      end++;
    }
    return end;
  }

  private static int wordStart(String chars, int to) {
    int start = to;
    while (start > 0 && !PythonText.isSpace(chars.charAt(start - 1))) {
      start--;
    }
    return start;
  }

  private static int skipSpace(String chars, int from) {
    int next = from;
    while (next < chars.length() && PythonText.isSpace(chars.charAt(next))) {
      next++;
    }
    return next;
  }

  private static int skipSpaceBack(String chars, int to) {
    int next = to;
    while (next > 0 && PythonText.isSpace(chars.charAt(next - 1))) {
      next--;
    }
    return next;
  }

  /** {@code str.splitlines}. */
  static List<Value> lines(Str text, boolean keepEnds, Budget budget) {
    List<Value> lines = new ArrayList<>();
    String chars = text.text();
    budget.characters(chars.length());
    int from = 0;
    for (int i = 0; i < chars.length(); i++) {
      if (PythonText.isLineBreak(chars.charAt(i))) {
        int lineEnd = i;
        boolean crLf = chars.startsWith("\r\n", i);
        i += crLf ? 1 : 0;
        budget.step();
        lines.add(text.slice(from, keepEnds ? i + 1 : lineEnd, budget));
        from = i + 1;
      }
    }
    if (from < chars.length()) {
      lines.add(text.slice(from, chars.length(), budget));
    }
    return lines;
  }

  static Value.Sequence partition(Str text, String separator, boolean last, Budget budget) {
    int length = text.text().length();
    int found =
        last
            ? PythonText.findLast(text.text(), separator, length, budget)
            : PythonText.find(text.text(), separator, 0, budget);
    if (found < 0) {
      return Value.Sequence.tuple(
          last ? List.of(Str.EMPTY, Str.EMPTY, text) : List.of(text, Str.EMPTY, Str.EMPTY));
    }
    int after = found + separator.length();
    return Value.Sequence.tuple(
        List.of(
            text.slice(0, found, budget),
            text.slice(found, after, budget),
            text.slice(after, length, budget)));
  }
}
