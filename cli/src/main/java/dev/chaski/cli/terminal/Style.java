package dev.chaski.cli.terminal;

/** How text stands out on a terminal. */
public enum Style {
  /** Not at all. */
  PLAIN,
  /** With ANSI escape sequences. */
  ANSI;

  /** Less important than the rest. */
  public String dim(String text) {
    return styled("2", text);
  }

  /** A heading or a prompt. */
  public String bold(String text) {
    return styled("1", text);
  }

  private String styled(String code, String text) {
    return switch (this) {
      case PLAIN -> text;
      case ANSI -> "\u001b[" + code + "m" + text + "\u001b[0m";
    };
  }
}
