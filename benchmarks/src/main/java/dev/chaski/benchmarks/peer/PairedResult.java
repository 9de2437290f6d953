package dev.chaski.benchmarks.peer;

import dev.chaski.measure.SpeedResult;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A test run in turns by two engines: run {@code i} of one stands beside run {@code i} of the
 * other.
 */
record PairedResult(SpeedResult ours, SpeedResult theirs) {
  PairedResult {
    if (ours.times().size() != theirs.times().size()) {
      throw new IllegalArgumentException(
          "%d runs have no pairs among %d".formatted(ours.times().size(), theirs.times().size()));
    }
  }

  /** Our speed divided by theirs, pair by pair. */
  double[] ratios() {
    List<Duration> a = ours.times();
    List<Duration> b = theirs.times();
    return IntStream.range(0, a.size())
        .mapToDouble(i -> (double) b.get(i).toNanos() / a.get(i).toNanos())
        .toArray();
  }

  /** The median of the ratios: not the ratio of medians, which may be of different moments. */
  double medianRatio() {
    double[] sorted = sortedRatios();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  double lowestRatio() {
    return sortedRatios()[0];
  }

  double highestRatio() {
    double[] sorted = sortedRatios();
    return sorted[sorted.length - 1];
  }

  private double[] sortedRatios() {
    double[] sorted = ratios();
    Arrays.sort(sorted);
    return sorted;
  }
}
