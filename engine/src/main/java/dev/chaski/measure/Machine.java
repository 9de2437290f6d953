package dev.chaski.measure;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.lang.management.RuntimeMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a measurement ran on.
 *
 * @param cpu the processor's name, or its architecture where the system does not tell
 * @param processors that this process may use
 * @param os name, version and architecture of the operating system
 * @param jdk version and vendor of the JDK
 */
public record Machine(String cpu, int processors, String os, String jdk) {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  /** This one. */
  public static Machine current() {
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
    return new Machine(
        cpu(system.getArch()),
        Runtime.getRuntime().availableProcessors(),
        system.getName() + " " + system.getVersion() + " " + system.getArch(),
        Runtime.version() + " (" + runtime.getVmVendor() + ")");
  }

  /** Linux tells in a file of "key : value" lines, one group for each processor. */
  private static String cpu(String architecture) {
    try (Stream<String> lines = Files.lines(CPU_INFO)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(architecture);
    } catch (IOException _) {
      return architecture; // another system
    }
  }
}
