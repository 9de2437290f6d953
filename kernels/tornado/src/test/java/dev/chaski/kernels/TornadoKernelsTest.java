package dev.chaski.kernels;

import dev.chaski.kernels.tornado.TornadoDeviceHere;
import dev.chaski.kernels.tornado.TornadoProvider;
import org.junit.jupiter.api.BeforeAll;

/** The suite of all providers, on the first device of TornadoVM. */
class TornadoKernelsTest extends KernelsContract {
  TornadoKernelsTest() {
    super(new TornadoProvider());
  }

  /** What is seen for the third time is compiled as a whole: runs before, with, and after that. */
  @Override
  public int runs() {
    return 8;
  }

  /** The device has its own; this is another one with everything compiled again. */
  @Override
  public int[] threadCounts() {
    return new int[] {2};
  }

  @BeforeAll
  static void needsADevice() {
    TornadoDeviceHere.assume();
  }
}
