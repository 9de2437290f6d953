package dev.chaski.measure;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * The times that a test took, in the order of its runs.
 *
 * @param times at least one
 */
public record SpeedResult(SpeedTest test, List<Duration> times) {
  private static final double NANOS = 1e9;

  /** Copies the list. */
  public SpeedResult {
    times = List.copyOf(times);
    if (times.isEmpty()) {
      throw new IllegalArgumentException("no run of " + test.name() + " was timed, needs one");
    }
  }

  /** Of each run. */
  public List<Double> tokensPerSecond() {
    return times.stream().map(time -> test.tokens() * NANOS / time.toNanos()).toList();
  }

  /** Mean of the runs' tokens per second. */
  public double mean() {
    return Arrays.stream(speeds()).average().orElseThrow();
  }

  /** Standard deviation of the runs' tokens per second: of a sample, so 0 for one run. */
  public double deviation() {
    return deviation(speeds());
  }

  /** Median of the runs' tokens per second. */
  public double median() {
    double[] sorted = speeds();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** Mean time of a run. */
  public double meanNanos() {
    return Arrays.stream(nanos()).average().orElseThrow();
  }

  /** Standard deviation of the runs' times. */
  public double deviationNanos() {
    return deviation(nanos());
  }

  private double[] speeds() {
    return tokensPerSecond().stream().mapToDouble(Double::doubleValue).toArray();
  }

  private double[] nanos() {
    return times.stream().mapToDouble(Duration::toNanos).toArray();
  }

  private static double deviation(double[] values) {
    if (values.length == 1) {
      return 0;
    }
    double mean = Arrays.stream(values).average().orElseThrow();
    double squares = Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum();
    return Math.sqrt(squares / (values.length - 1));
  }
}
