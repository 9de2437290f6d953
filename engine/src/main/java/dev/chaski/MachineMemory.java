package dev.chaski;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * How much memory there is.
 *
 * @param physicalBytes of the machine, or what a container may use of it
 * @param heapBytes the most that the heap of this JVM may grow to
 */
public record MachineMemory(long physicalBytes, long heapBytes) {
  /** Checks the numbers. */
  public MachineMemory {
    if (physicalBytes < 1 || heapBytes < 1) {
      throw new IllegalArgumentException(
          "a machine has memory, not " + physicalBytes + " bytes and a heap of " + heapBytes);
    }
  }

  /** That of the machine this runs on. */
  public static MachineMemory current() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new MachineMemory(system.getTotalMemorySize(), Runtime.getRuntime().maxMemory());
  }
}
