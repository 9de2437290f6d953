package dev.chaski.cli.terminal;

/** Text of others for people to read before they decide: it must not steer the terminal. */
public final class Visible {
  private Visible() {}

  /** The text with control characters and invisible ones spelled out, {@code \\u001b}. */
  public static String text(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(c -> {
          int type = Character.getType(c);
          if (type == Character.CONTROL || type == Character.FORMAT) {
            out.append("\\u%04x".formatted(c));
          } else {
            out.appendCodePoint(c);
          }
        });
    return out.toString();
  }

  /**
   * As {@link #text}, for what is read and not decided on: lines stay, and all that is no control.
   */
  public static String lines(String text) {
    if (text.chars().noneMatch(Character::isISOControl)) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n' || c == '\t' || !Character.isISOControl(c)) {
        out.append(c);
      } else if (c != '\r') {
        out.append("\\u%04x".formatted((int) c));
      }
    }
    return out.toString();
  }
}
