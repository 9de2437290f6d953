package dev.chaski.kernels.vector;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KernelsOptions;
import dev.chaski.kernels.KernelsProvider;
import dev.chaski.kernels.parallel.WorkerPool;
import java.lang.management.ManagementFactory;

/**
 * Provider of {@link VectorKernels}. Without SIMD code from the compiler the Vector API works, but
 * a hundred times slower than plain Java: so it is offered only where the JVM compiles it.
 */
public final class VectorProvider implements KernelsProvider {
  private static final String MODULE_REMEDY = "start java with --add-modules jdk.incubator.vector";

  @Override
  public String name() {
    return "vector";
  }

  @Override
  public int rank() {
    return 10;
  }

  @Override
  public Probe probe() {
    try {
      if (!Lanes.areUsable()) {
        return new Probe.Unavailable(
            "this JVM offers no SIMD registers to the Vector API", "use a HotSpot JDK with C2");
      }
    } catch (NoClassDefFoundError | ExceptionInInitializerError _) {
      return new Probe.Unavailable("the module jdk.incubator.vector is not loaded", MODULE_REMEDY);
    }
    String obstacle = compilerObstacle();
    if (obstacle != null) {
      return new Probe.Unavailable(
          "the JVM does not compile vector code (" + obstacle + ")", "remove that option");
    }
    return new Probe.Available(detail());
  }

  static String detail() {
    return "Vector API, " + Lanes.F.vectorBitSize() + " bits";
  }

  /** The JVM option that keeps C2 from compiling, or null if there is none. */
  private static String compilerObstacle() {
    HotSpotDiagnosticMXBean options =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    if (options == null) {
      return null;
    }
    if (isSet(options, "UseCompiler", "false")) {
      return "-Xint";
    }
    if (isSet(options, "UseJVMCICompiler", "true")) {
      return "-XX:+UseJVMCICompiler";
    }
    for (String level : new String[] {"0", "1", "2", "3"}) {
      if (isSet(options, "TieredStopAtLevel", level)) {
        return "-XX:TieredStopAtLevel=" + level;
      }
    }
    return null;
  }

  private static boolean isSet(HotSpotDiagnosticMXBean options, String name, String value) {
    try {
      return options.getVMOption(name).getValue().equals(value);
    } catch (IllegalArgumentException _) {
      return false; // this JVM has no such option
    }
  }

  @Override
  public Kernels create(KernelsOptions options) {
    if (probe() instanceof Probe.Unavailable(String reason, String remedy)) {
      throw new IllegalStateException(reason + "; " + remedy);
    }
    return new VectorKernels(new WorkerPool(options.threads()));
  }
}
