package dev.chaski.kernels.tornado;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
}
