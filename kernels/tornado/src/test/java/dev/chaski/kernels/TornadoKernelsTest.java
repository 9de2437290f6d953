package dev.chaski.kernels;

import dev.chaski.kernels.tornado.TornadoDeviceHere;
import dev.chaski.kernels.tornado.TornadoProvider;
import org.junit.jupiter.api.BeforeAll;

/** The suite of all providers, on the first device of TornadoVM. */
class TornadoKernelsTest extends KernelsContract {
  TornadoKernelsTest() {
    super(new TornadoProvider());
  }

  @BeforeAll
  static void needsADevice() {
    TornadoDeviceHere.assume();
  }
}
