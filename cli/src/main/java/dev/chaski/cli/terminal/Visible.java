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
}
