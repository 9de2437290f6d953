package dev.chaski.cli.markdown;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntSupplier;

/**
 * Text for a terminal, folded between words. A word is held back until its end is known, unless it
 * is too long for any line: such a one goes out as it comes, for the terminal to fold, so that a
 * long address stays one.
 */
final class FoldedText {
  /** Narrower terminals get their lines as they are. */
  private static final int MIN_COLUMNS = 20;

  /** Opening a line with these looks wrong; what comes before them stays with them. */
  private static final String CLOSING = "\u3001\u3002\uFF0C\uFF0E\uFF01\uFF1F\uFF1A\uFF1B\u30FC";

  private static final int JOINER = 0x200D;

  private final StringBuilder out = new StringBuilder();
  private final IntSupplier columns;
  private final List<Glyph> word = new ArrayList<>();
  private final List<Glyph> spaces = new ArrayList<>(); // before the word
  private Set<Mark> marks = Mark.NONE; // in force on the terminal
  private int column;
  private int indent;
  private int wordWidth;
  private boolean endless; // the word is too long for a line, and is going out

  /**
   * Folded text.
   *
   * @param columns width of the terminal, asked for each word, as it may change; 0 if unknown
   */
  FoldedText(IntSupplier columns) {
    this.columns = columns;
  }

  private record Glyph(int codePoint, Set<Mark> marks) {}

  /** What has to be printed by now. */
  String take() {
    String text = out.toString();
    out.setLength(0);
    return text;
  }

  /** Where the lines begin that the present one is folded into. */
  void indent(int newIndent) {
    indent = isFolding() ? Math.min(newIndent, columns.getAsInt() / 2) : newIndent;
  }

  /** A character of a text that is folded. */
  void prose(int codePoint, Set<Mark> newMarks) {
    Glyph glyph = new Glyph(codePoint, newMarks);
    if (codePoint == ' ') {
      endWord();
      spaces.add(glyph);
      return;
    }
    if (isBreakBefore(codePoint)) {
      endWord();
    }
    if (endless) {
      print(glyph);
      return;
    }
    word.add(glyph);
    wordWidth += TextWidth.of(codePoint);
    if (isFolding() && wordWidth > columns.getAsInt() - indent) {
      place();
      endless = true;
    }
  }

  /** Between ideographs there are no spaces, but lines may end there. */
  private boolean isBreakBefore(int codePoint) {
    if (word.isEmpty() || endless) {
      return false;
    }
    int before = word.getLast().codePoint();
    boolean wide = TextWidth.of(codePoint) == 2 || TextWidth.of(before) == 2;
    return wide
        && TextWidth.of(codePoint) > 0
        && before != JOINER
        && CLOSING.indexOf(codePoint) < 0
        && Character.getType(codePoint) != Character.END_PUNCTUATION
        && Character.getType(before) != Character.START_PUNCTUATION;
  }

  /** A text that stays as it is. */
  void verbatim(String text, Set<Mark> newMarks) {
    endWord();
    printSpaces();
    text.codePoints().forEach(c -> print(new Glyph(c, newMarks)));
  }

  /** Ends the line. */
  void newLine() {
    flush();
    spaces.clear();
    out.append('\n');
    column = 0;
    indent = 0;
  }

  /** Gives out what is held back, and ends all marks; spaces at the end are left out. */
  void flush() {
    endWord();
    out.append(Mark.change(marks, Mark.NONE));
    marks = Mark.NONE;
  }

  private void endWord() {
    if (!word.isEmpty()) {
      place();
    }
    endless = false;
  }

  /** Prints the word, on the next line if there is no room on this one. */
  private void place() {
    if (isFolding() && column + spaces.size() + wordWidth > columns.getAsInt() && column > indent) {
      out.append(Mark.change(marks, Mark.NONE)).append('\n').repeat(' ', indent);
      marks = Mark.NONE;
      column = indent;
      spaces.clear();
    }
    printSpaces();
    word.forEach(this::print);
    word.clear();
    wordWidth = 0;
  }

  private void printSpaces() {
    spaces.forEach(this::print);
    spaces.clear();
  }

  private boolean isFolding() {
    return columns.getAsInt() >= MIN_COLUMNS;
  }

  private void print(Glyph glyph) {
    out.append(Mark.change(marks, glyph.marks())).appendCodePoint(glyph.codePoint());
    marks = glyph.marks();
    int width = TextWidth.of(glyph.codePoint());
    column += width;
    if (isFolding() && column > columns.getAsInt()) {
      column = width; // the terminal folded
    }
  }
}
