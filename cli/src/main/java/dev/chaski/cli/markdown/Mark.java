package dev.chaski.cli.markdown;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/** A way in which text stands out, with its ECMA-48 code (SGR). */
enum Mark {
  BOLD("1"),
  DIM("2"),
  ITALIC("3"),
  UNDERLINE("4"),
  /** Cyan: readable on dark and on light grounds. */
  CODE("36");

  /** Not at all. */
  static final Set<Mark> NONE = Set.of();

  private final String code;

  Mark(String code) {
    this.code = code;
  }

  /** Marks with one more. */
  static Set<Mark> with(Set<Mark> marks, Mark more) {
    EnumSet<Mark> all = EnumSet.of(more);
    all.addAll(marks);
    return Collections.unmodifiableSet(all);
  }

  /** What changes a terminal from some marks to others. */
  static String change(Set<Mark> from, Set<Mark> to) {
    if (from.equals(to)) {
      return "";
    }
    String start = to.stream().map(mark -> mark.code).collect(Collectors.joining(";"));
    return (from.isEmpty() ? "" : "\u001b[0m") + (to.isEmpty() ? "" : "\u001b[" + start + "m");
  }
}
