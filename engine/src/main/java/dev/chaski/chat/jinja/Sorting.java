package dev.chaski.chat.jinja;

import java.util.List;

/**
 * A stable sort that asks only "is this less than that", as Python's does, and holds still when the
 * answers contradict each other (NaN): {@link List#sort} would throw.
 */
final class Sorting {
  /** Whether {@code a} must stand before {@code b}. */
  @FunctionalInterface
  interface Less<T> {
    boolean isLess(T a, T b);
  }

  private Sorting() {}

  /** {@code items}, sorted in place. */
  static <T> List<T> sorted(List<T> items, Less<T> order) {
    if (items.size() < 2) {
      return items;
    }
    int middle = items.size() / 2;
    List<T> left = sorted(items.subList(0, middle), order);
    List<T> right = sorted(items.subList(middle, items.size()), order);
    merge(List.copyOf(left), right, items, order);
    return items;
  }

  /** Merges into {@code target}, of which {@code right} is the end. */
  private static <T> void merge(List<T> left, List<T> right, List<T> target, Less<T> order) {
    int fromLeft = 0;
    int fromRight = 0;
    for (int i = 0; fromLeft < left.size(); i++) {
      boolean takeRight =
          fromRight < right.size() && order.isLess(right.get(fromRight), left.get(fromLeft));
      target.set(i, takeRight ? right.get(fromRight++) : left.get(fromLeft++));
    }
  }
}
