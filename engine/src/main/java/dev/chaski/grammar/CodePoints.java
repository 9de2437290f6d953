package dev.chaski.grammar;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A set of Unicode scalar values: all code points but the surrogates, which UTF-8 cannot spell.
 *
 * @param ranges ascending, neither overlapping nor touching
 */
record CodePoints(List<Range> ranges) {
  static final CodePoints ALL = of(0, Character.MAX_CODE_POINT);
  static final CodePoints NONE = new CodePoints(List.of());

  /** The code points from {@code first} to {@code last}, both included. */
  record Range(int first, int last) {}

  /** The code points from {@code first} to {@code last} but the surrogates. */
  static CodePoints of(int first, int last) {
    return of(List.of(new Range(first, last)));
  }

  /** Those named in a text. */
  static CodePoints of(String members) {
    return of(members.codePoints().mapToObj(c -> new Range(c, c)).toList());
  }

  /** The union of ranges in any order, without the surrogates. */
  static CodePoints of(List<Range> parts) {
    List<Range> cut = new ArrayList<>();
    for (Range part : parts) {
      addUnlessEmpty(cut, part.first(), Math.min(part.last(), Character.MIN_SURROGATE - 1));
      addUnlessEmpty(cut, Math.max(part.first(), Character.MAX_SURROGATE + 1), part.last());
    }
    cut.sort(Comparator.comparingInt(Range::first));
    List<Range> merged = new ArrayList<>();
    for (Range range : cut) {
      if (!merged.isEmpty() && range.first() <= merged.getLast().last() + 1) {
        Range before = merged.removeLast();
        range = new Range(before.first(), Math.max(before.last(), range.last()));
      }
      merged.add(range);
    }
    return new CodePoints(List.copyOf(merged));
  }

  private static void addUnlessEmpty(List<Range> ranges, int first, int last) {
    if (first <= last) {
      ranges.add(new Range(first, last));
    }
  }

  boolean isEmpty() {
    return ranges.isEmpty();
  }

  /** How many there are. */
  int size() {
    return ranges.stream().mapToInt(range -> range.last() - range.first() + 1).sum();
  }

  boolean contains(int codePoint) {
    return ranges.stream().anyMatch(r -> r.first() <= codePoint && codePoint <= r.last());
  }

  /** Those in either. */
  CodePoints plus(CodePoints other) {
    List<Range> both = new ArrayList<>(ranges);
    both.addAll(other.ranges);
    return of(both);
  }

  /** Those not in it. */
  CodePoints complement() {
    List<Range> gaps = new ArrayList<>();
    int next = 0;
    for (Range range : ranges) {
      addUnlessEmpty(gaps, next, range.first() - 1);
      next = range.last() + 1;
    }
    addUnlessEmpty(gaps, next, Character.MAX_CODE_POINT);
    return of(gaps);
  }

  /** Those not in the other. */
  CodePoints minus(CodePoints other) {
    return complement().plus(other).complement();
  }

  /** Those in both. */
  CodePoints and(CodePoints other) {
    return minus(other.complement());
  }
}
