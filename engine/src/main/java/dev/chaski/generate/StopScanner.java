package dev.chaski.generate;

import java.util.List;

/**
 * Lets text through until a stop string comes up: the one that is complete first and, of those, the
 * longest. Text that may yet become one is held back. How the text is cut into pieces makes no
 * difference.
 */
final class StopScanner {
  private final List<String> stops;
  private final StringBuilder held = new StringBuilder();
  private boolean stopped;

  StopScanner(List<String> stops) {
    this.stops = stops;
  }

  /** Takes a piece and gives what can no longer be part of a stop string. */
  String accept(String piece) {
    if (stopped) {
      return "";
    }
    held.append(piece);
    int start = -1;
    int end = Integer.MAX_VALUE;
    for (String stop : stops) {
      int at = held.indexOf(stop);
      int atEnd = at + stop.length();
      if (at >= 0 && (atEnd < end || (atEnd == end && at < start))) {
        start = at;
        end = atEnd;
      }
    }
    if (start >= 0) {
      stopped = true;
      String text = held.substring(0, start);
      held.setLength(0);
      return text;
    }
    return release(held.length() - longestBeginning());
  }

  /** Whether a stop string has come up. */
  boolean isStopped() {
    return stopped;
  }

  /** What is still held back, at the end of the text. */
  String finish() {
    return release(held.length());
  }

  private String release(int length) {
    String text = held.substring(0, length);
    held.delete(0, length);
    return text;
  }

  /** Length of the longest end of the held text that a stop string begins with. */
  private int longestBeginning() {
    int longest = 0;
    for (String stop : stops) {
      for (int n = Math.min(stop.length() - 1, held.length()); n > longest; n--) {
        if (stop.startsWith(held.substring(held.length() - n))) {
          longest = n;
        }
      }
    }
    return longest;
  }
}
