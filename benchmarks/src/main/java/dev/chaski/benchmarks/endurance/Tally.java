package dev.chaski.benchmarks.endurance;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/** What visitors did, counted together. Safe to share between threads. */
final class Tally {
  private static final int MOST_FAULTS = 20;

  /** Answers that were finished, and right. */
  final LongAdder finished = new LongAdder();

  /** Answers that were cancelled, and right as far as they went. */
  final LongAdder cancelled = new LongAdder();

  /** Sessions that were closed by somebody else. */
  final LongAdder closed = new LongAdder();

  /** Sessions that could not be closed, as they were answering. */
  final LongAdder refused = new LongAdder();

  /** Pieces of text, and everything else that moves. */
  final LongAdder steps = new LongAdder();

  private final List<String> faults = new CopyOnWriteArrayList<>();

  void fault(String what) {
    if (faults.size() < MOST_FAULTS) {
      faults.add(what);
    }
  }

  List<String> faults() {
    return List.copyOf(faults);
  }
}
