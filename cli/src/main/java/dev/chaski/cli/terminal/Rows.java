package dev.chaski.cli.terminal;

/** Facts in two columns, at most {@value #COLUMNS} wide if words allow it. */
public final class Rows {
  private static final int COLUMNS = 60;
  private static final int LABEL_COLUMNS = 12;

  private Rows() {}

  /**
   * A label and a text, which is folded to the columns right of it; with the end of the line.
   *
   * @param text may be of others: what would steer the terminal is spelled out
   */
  public static String row(Style style, String label, String text) {
    StringBuilder out = new StringBuilder();
    out.append(style.bold(("%-" + LABEL_COLUMNS + "s").formatted(label))).append(' ');
    int column = LABEL_COLUMNS + 1;
    boolean first = true;
    for (String word : Visible.text(text).split(" ", -1)) {
      if (!first && column + 1 + word.length() > COLUMNS) {
        out.append('\n').repeat(' ', LABEL_COLUMNS + 1);
        column = LABEL_COLUMNS + 1;
        first = true;
      }
      out.append(first ? "" : " ").append(word);
      column += word.length() + (first ? 0 : 1);
      first = false;
    }
    return out.append('\n').toString();
  }
}
