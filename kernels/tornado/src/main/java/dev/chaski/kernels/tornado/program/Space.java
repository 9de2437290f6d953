package dev.chaski.kernels.tornado.program;

import java.util.Map;
import java.util.TreeMap;

/**
 * Which elements of an array are taken. Gaps are kept as (start, length); what is freed is joined
 * with its neighbours. Not thread-safe.
 */
public final class Space {
  /** Places start at multiples of this. */
  private static final int ALIGNMENT = 16;

  private final TreeMap<Integer, Integer> gaps = new TreeMap<>();
  private int size;
  private long taken;

  /** An empty space of {@code size} elements. */
  public Space(int size) {
    this.size = size;
    if (size > 0) {
      gaps.put(0, size);
    }
  }

  /** Elements in all. */
  public int size() {
    return size;
  }

  /** Elements taken. */
  public long taken() {
    return taken;
  }

  /** What {@code count} elements take. */
  public static int rounded(int count) {
    return Math.toIntExact(((long) Math.max(1, count) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
  }

  /** Takes the smallest gap that is large enough, or answers -1. */
  public int take(int count) {
    int wanted = rounded(count);
    int at = -1;
    int best = Integer.MAX_VALUE;
    for (Map.Entry<Integer, Integer> gap : gaps.entrySet()) {
      if (gap.getValue() >= wanted && gap.getValue() < best) {
        at = gap.getKey();
        best = gap.getValue();
      }
    }
    if (at >= 0) {
      gaps.remove(at);
      if (best > wanted) {
        gaps.put(at + wanted, best - wanted);
      }
      taken += wanted;
    }
    return at;
  }

  /**
   * Takes from the middle of the largest gap, so that what is there can grow; or answers -1. For
   * what starts small and grows, as caches do.
   */
  public int takeWithRoomToGrow(int count) {
    int wanted = rounded(count);
    Map.Entry<Integer, Integer> largest = null;
    for (Map.Entry<Integer, Integer> gap : gaps.entrySet()) {
      if (largest == null || gap.getValue() > largest.getValue()) {
        largest = gap;
      }
    }
    if (largest == null || largest.getValue() < wanted) {
      return -1;
    }
    int start = largest.getKey();
    int end = start + largest.getValue();
    boolean untouched = start == 0 && end == size;
    int middle = start + (largest.getValue() / 2) / ALIGNMENT * ALIGNMENT;
    int at = untouched || middle + wanted > end ? start : middle;
    gaps.remove(start);
    if (at > start) {
      gaps.put(start, at - start);
    }
    if (at + wanted < end) {
      gaps.put(at + wanted, end - at - wanted);
    }
    taken += wanted;
    return at;
  }

  /** Makes {@code count} elements taken at {@code at} into {@code more}, if there is room. */
  public boolean extend(int at, int count, int more) {
    int old = rounded(count);
    int wanted = rounded(more);
    Integer gap = gaps.get(at + old);
    if (gap == null || gap < wanted - old) {
      return wanted <= old;
    }
    gaps.remove(at + old);
    if (gap > wanted - old) {
      gaps.put(at + wanted, gap - (wanted - old));
    }
    taken += wanted - old;
    return true;
  }

  /** Gives back what was taken at {@code at}. */
  public void free(int at, int count) {
    taken -= rounded(count);
    join(at, rounded(count));
  }

  /** Adds elements at the end. */
  public void grow(int newSize) {
    int old = size;
    size = newSize;
    join(old, newSize - old);
  }

  /** Makes a gap, one with its neighbours. */
  private void join(int at, int count) {
    int start = at;
    int length = count;
    Map.Entry<Integer, Integer> before = gaps.lowerEntry(at);
    if (before != null && before.getKey() + before.getValue() == at) {
      start = before.getKey();
      length += before.getValue();
      gaps.remove(start);
    }
    Integer after = gaps.remove(start + length);
    if (after != null) {
      length += after;
    }
    gaps.put(start, length);
  }
}
