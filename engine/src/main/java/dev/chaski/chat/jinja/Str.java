package dev.chaski.chat.jinja;

import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * A Python string of which every character knows whether the template wrote it. Provenance never
 * changes what a template sees: equality, order and hashing are of the text alone.
 *
 * <p>Positions named <em>offset</em> count {@code char}s as Java does, those named <em>index</em>
 * count code points as Python does.
 */
final class Str implements Value {
  private static final int[] NO_FLIPS = {};
  static final Str EMPTY = new Str("", NO_FLIPS, true);

  private final String text;

  /** Offsets, ascending and inside the text, at which provenance changes. */
  private final int[] flips;

  private final boolean startsFromTemplate;

  /** Whether {@code safe} or {@code escape} marked it as markup; see {@link Markup}. */
  private final boolean markup;

  /** How many code points, or -1 for not counted yet; a race only counts twice. */
  private int codePoints = -1;

  Str(String text, int[] flips, boolean startsFromTemplate) {
    this(text, flips, startsFromTemplate, false);
  }

  private Str(String text, int[] flips, boolean startsFromTemplate, boolean markup) {
    this.text = text;
    this.flips = flips;
    this.startsFromTemplate = startsFromTemplate;
    this.markup = markup;
  }

  static Str ofTemplate(String text) {
    return new Str(text, NO_FLIPS, true);
  }

  static Str ofContext(String text) {
    return new Str(text, NO_FLIPS, false);
  }

  String text() {
    return text;
  }

  boolean isEmpty() {
    return text.isEmpty();
  }

  boolean isMarkup() {
    return markup;
  }

  /** This string, marked as markup. */
  Str asMarkup() {
    return markup ? this : new Str(text, flips, startsFromTemplate, true);
  }

  /** This string, marked as markup if {@code origin} is. */
  Str markedAs(Str origin) {
    return origin.markup ? asMarkup() : this;
  }

  /** This string without the mark: what {@code str()} makes of markup. */
  Str plain() {
    return markup ? new Str(text, flips, startsFromTemplate, false) : this;
  }

  @Override
  public String typeName() {
    return markup ? "Markup" : "str";
  }

  /** The number of code points. */
  int length() {
    if (codePoints < 0) {
      codePoints = text.codePointCount(0, text.length());
    }
    return codePoints;
  }

  /** The offset of the code point at {@code index}, which may be the length. */
  int offsetOf(int index, Budget budget) {
    if (length() == text.length()) {
      return index;
    }
    budget.characters(index);
    return text.offsetByCodePoints(0, index);
  }

  /** The index of the code point at {@code offset}. */
  int indexOf(int offset, Budget budget) {
    if (length() == text.length()) {
      return offset;
    }
    budget.characters(offset);
    return text.codePointCount(0, offset);
  }

  /** Whether the template wrote the character at {@code offset}. */
  boolean isFromTemplate(int offset) {
    return startsFromTemplate ^ (flipsUpTo(offset) % 2 == 1);
  }

  /** Where the run of one provenance that holds {@code offset} ends. */
  int runEnd(int offset) {
    int next = flipsUpTo(offset);
    return next == flips.length ? text.length() : flips[next];
  }

  private int flipsUpTo(int offset) {
    int found = Arrays.binarySearch(flips, offset);
    return found >= 0 ? found + 1 : -found - 1;
  }

  /** Whether the template wrote all of it. */
  boolean isFromTemplate() {
    return flips.length == 0 && startsFromTemplate;
  }

  /** The characters between two offsets, not marked as markup. */
  Str slice(int begin, int end, Budget budget) {
    if (begin == 0 && end == text.length()) {
      return plain();
    }
    if (begin >= end) {
      return EMPTY;
    }
    return new StrBuilder(budget).append(this, begin, end).toStr();
  }

  /** This string followed by {@code other}. */
  Str plus(Str other, Budget budget) {
    return new StrBuilder(budget).append(this).append(other).toStr();
  }

  /** This string {@code times} over. */
  Str times(long times, Budget budget) {
    if (times <= 0 || isEmpty()) {
      return EMPTY;
    }
    budget.requireCharacters(Math.min(times, Integer.MAX_VALUE) * text.length());
    if (flips.length == 0) {
      budget.characters(times * text.length());
      return new Str(text.repeat((int) times), NO_FLIPS, startsFromTemplate);
    }
    StrBuilder builder = new StrBuilder(budget);
    for (long i = 0; i < times; i++) {
      builder.append(this);
    }
    return builder.toStr();
  }

  /** This string with {@code change} made to each stretch of one provenance. */
  Str mapRuns(UnaryOperator<String> change, Budget budget) {
    StrBuilder builder = new StrBuilder(budget);
    for (int begin = 0; begin < text.length(); ) {
      int end = runEnd(begin);
      builder.append(change.apply(text.substring(begin, end)), isFromTemplate(begin));
      begin = end;
    }
    return builder.toStr();
  }

  /** For debugging only: templates print through {@link Printer}. */
  @Override
  public String toString() {
    return text;
  }
}
