package dev.chaski.benchmarks.endurance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What this process holds.
 *
 * @param heapBytes on the heap after a collection
 * @param nativeBytes in native segments, which caches of keys and values are made of; 0 unless the
 *     JVM was started with {@code -XX:NativeMemoryTracking=summary}
 * @param mappings files that are mapped
 * @param threads that live
 * @param residentBytes of the whole process in memory; 0 where the system does not tell
 */
record Footprint(long heapBytes, long nativeBytes, long mappings, int threads, long residentBytes) {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path MAPS = Path.of("/proc/self/maps");
  private static final Pattern OTHER = Pattern.compile("Other \\(reserved=\\d+, committed=(\\d+)");
  private static final long KIBIBYTE = 1024;
  private static final long SLACK_BYTES = 64 * KIBIBYTE;

  /** Collects garbage and measures. */
  static Footprint now() {
    System.gc();
    return new Footprint(
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
        nativeSegments(),
        mappedBuffers(),
        ManagementFactory.getThreadMXBean().getThreadCount(),
        resident());
  }

  /** Whether it holds more than another one, beyond what the JDK itself takes now and then. */
  boolean isAbove(Footprint other) {
    return nativeBytes > other.nativeBytes + SLACK_BYTES || mappings > other.mappings;
  }

  /** How often a file is mapped, as the system sees it; 0 where it does not tell. */
  static long mappingsOf(Path file) {
    return lines(MAPS).stream().filter(line -> line.contains(file.toString())).count();
  }

  private static long mappedBuffers() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("mapped"))
        .findFirst()
        .orElseThrow()
        .getCount();
  }

  /** No bean counts them; the JVM's own tracking has them as "Other". */
  private static long nativeSegments() {
    try {
      Object report =
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName("com.sun.management:type=DiagnosticCommand"),
                  "vmNativeMemory",
                  new Object[] {new String[] {"summary", "scale=B"}},
                  new String[] {String[].class.getName()});
      Matcher other = OTHER.matcher(report.toString());
      return other.find() ? Long.parseLong(other.group(1)) : 0;
    } catch (JMException e) {
      throw new IllegalStateException("this JVM has no diagnostic commands", e);
    }
  }

  private static long resident() {
    return lines(STATUS).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIBIBYTE)
        .findFirst()
        .orElse(0);
  }

  private static List<String> lines(Path file) {
    try {
      return Files.exists(file) ? Files.readAllLines(file, StandardCharsets.UTF_8) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
