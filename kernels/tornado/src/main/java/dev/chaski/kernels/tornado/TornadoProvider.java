package dev.chaski.kernels.tornado;

import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KernelsOptions;
import dev.chaski.kernels.KernelsProvider;
import java.util.StringJoiner;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.TornadoRuntime;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/**
 * Provider of {@link TornadoKernels}. Never the default: whether a device is faster than the
 * processor is not known here.
 */
public final class TornadoProvider implements KernelsProvider {
  static final String NAME = "tornado";

  private static final String RUNTIME = "tornado.runtime";
  private static final String INSTALL =
      "install TornadoVM 5.2 for JDK 25 (sdk install tornadovm 5.2.0-jdk25-opencl, or a zip of"
          + " tornadovm.org), set TORNADOVM_HOME to it, and start chaski again";

  /** A provider has no state. */
  public TornadoProvider() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int rank() {
    return -1;
  }

  @Override
  public Probe probe() {
    if (ModuleLayer.boot().findModule(RUNTIME).isEmpty()) {
      return new Probe.Unavailable("TornadoVM is not in this JVM", INSTALL);
    }
    for (String flag : RequiredFlags.missing()) {
      return new Probe.Unavailable(
          "the JVM was started without " + flag,
          "start chaski by its launcher, or add the flag: without it, kernels that a device cannot"
              + " run are computed wrongly, or not at all");
    }
    try {
      return new Probe.Available(devices());
    } catch (Throwable e) { // of native code that fails to load: any error at all
      return new Probe.Unavailable(
          "TornadoVM finds no device (" + e + ")",
          "install the driver of your GPU for OpenCL or CUDA, and see what `tornado --devices`"
              + " says");
    }
  }

  @Override
  public Kernels create(KernelsOptions options) {
    if (probe() instanceof Probe.Unavailable(String reason, String remedy)) {
      throw new IllegalStateException(reason + "; " + remedy);
    }
    TornadoDevice device = device();
    return new TornadoKernels(new Device(describe(device), device.getMaxGlobalMemory()));
  }

  private static TornadoDevice device() {
    return TornadoExecutionPlan.getDevice(0, 0);
  }

  /** All devices, the one that is used first. */
  private static String devices() {
    TornadoRuntime runtime = TornadoRuntimeProvider.getTornadoRuntime();
    StringJoiner devices = new StringJoiner("; not used: ");
    for (int backend = 0; backend < runtime.getNumBackends(); backend++) {
      for (int i = 0; i < runtime.getBackend(backend).getNumDevices(); i++) {
        devices.add(describe(TornadoExecutionPlan.getDevice(backend, i)));
      }
    }
    return devices.toString();
  }

  private static String describe(TornadoDevice device) {
    return "%s (%s), %.1f GB"
        .formatted(
            device.getPhysicalDevice().getDeviceName(),
            device.getTornadoVMBackend().name(),
            device.getMaxGlobalMemory() / 1e9);
  }
}
