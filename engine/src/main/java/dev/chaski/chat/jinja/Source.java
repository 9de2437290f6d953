package dev.chaski.chat.jinja;

import java.util.Arrays;

/** The text of a template with uniform line ends, and where its lines are. */
final class Source {
  private final String text;
  private final int[] lineStarts;

  Source(String written) {
    String unified = written.replace("\r\n", "\n").replace('\r', '\n');
    // keep_trailing_newline is off: one newline at the very end is not part of the template.
    this.text = unified.endsWith("\n") ? unified.substring(0, unified.length() - 1) : unified;
    int[] starts = new int[16];
    int count = 1;
    for (int i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) {
      if (count == starts.length) {
        starts = Arrays.copyOf(starts, count * 2);
      }
      starts[count++] = i + 1;
    }
    this.lineStarts = Arrays.copyOf(starts, count);
  }

  String text() {
    return text;
  }

  /** The line of an offset, counted from 1. */
  int line(int offset) {
    int found = Arrays.binarySearch(lineStarts, offset);
    return found >= 0 ? found + 1 : -found - 1;
  }

  /** The fault {@code reason} at an offset. */
  TemplateSyntaxException fault(int offset, String reason) {
    int line = line(offset);
    return new TemplateSyntaxException(line, offset - lineStarts[line - 1] + 1, reason);
  }
}
