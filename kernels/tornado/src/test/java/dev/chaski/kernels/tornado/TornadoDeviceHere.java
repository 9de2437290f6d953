package dev.chaski.kernels.tornado;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KernelsProvider.Probe;

/** For tests that need TornadoVM and a device. */
public final class TornadoDeviceHere {
  private TornadoDeviceHere() {}

  /** Skips the test, with the reason, where there is none. */
  public static void assume() {
    if (new TornadoProvider().probe() instanceof Probe.Unavailable(String reason, String remedy)) {
      assumeTrue(false, "skipped: " + reason + "; " + remedy);
    }
  }

  /** Kernels whose weights lie in arrays of so many bytes, where there are 1 GiB else. */
  public static Kernels withArraysOf(int bytes) {
    return new TornadoKernels(new Device("a device with small arrays", 1L << 30, bytes));
  }

  /** Kernels that have been launched so far. */
  public static long launches(Kernels kernels) {
    return ((TornadoKernels) kernels).counts().launches();
  }
}
