package dev.chaski.benchmarks.endurance;

import java.util.Locale;

/**
 * A stretch of a soak.
 *
 * @param seconds from the start to its end, pauses left out
 * @param tokens generated in it
 * @param cpuSeconds of the generating thread in it
 * @param footprint at its end
 */
record SoakSample(long seconds, long tokens, double cpuSeconds, Footprint footprint) {
  static final String HEADER =
      "seconds,tokens,tokens_per_cpu_second,heap_after_gc_bytes,rss_bytes,native_bytes,threads";

  double tokensPerCpuSecond() {
    return tokens / cpuSeconds;
  }

  String csv() {
    return String.format(
        Locale.ROOT,
        "%d,%d,%.1f,%d,%d,%d,%d",
        seconds,
        tokens,
        tokensPerCpuSecond(),
        footprint.heapBytes(),
        footprint.residentBytes(),
        footprint.nativeBytes(),
        footprint.threads());
  }
}
