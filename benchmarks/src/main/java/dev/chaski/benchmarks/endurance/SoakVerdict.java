package dev.chaski.benchmarks.endurance;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Whether a soak ends as it began: medians of its last quarter beside those of its second, as the
 * first warms up.
 *
 * @param heap last / second quarter
 * @param resident last / second quarter
 * @param speed last / second quarter
 */
record SoakVerdict(double heap, double resident, double speed) {
  private static final double MORE_MEMORY = 1.05;
  private static final double LESS_SPEED = 0.90;

  /** Of at least eight samples. */
  static SoakVerdict of(List<SoakSample> samples) {
    if (samples.size() < 8) {
      throw new IllegalArgumentException(
          samples.size() + " samples; a verdict needs 8, let it run longer");
    }
    return new SoakVerdict(
        ratio(samples, sample -> sample.footprint().heapBytes()),
        ratio(samples, sample -> sample.footprint().residentBytes()),
        ratio(samples, SoakSample::tokensPerCpuSecond));
  }

  private static double ratio(List<SoakSample> samples, ToDoubleFunction<SoakSample> value) {
    int quarter = samples.size() / 4;
    double early = median(samples.subList(quarter, 2 * quarter), value);
    double late = median(samples.subList(samples.size() - quarter, samples.size()), value);
    return early == 0 ? 1 : late / early; // a system that does not tell
  }

  private static double median(List<SoakSample> samples, ToDoubleFunction<SoakSample> value) {
    double[] sorted = samples.stream().mapToDouble(value).sorted().toArray();
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  boolean isFlat() {
    return heap < MORE_MEMORY && resident < MORE_MEMORY && speed > LESS_SPEED;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "last quarter / second quarter: heap %.3f, resident %.3f, tokens per CPU second %.3f: %s",
        heap,
        resident,
        speed,
        isFlat() ? "flat" : "NOT flat");
  }
}
