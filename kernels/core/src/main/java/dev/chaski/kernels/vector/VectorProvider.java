package dev.chaski.kernels.vector;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KernelsOptions;
import dev.chaski.kernels.KernelsProvider;
import dev.chaski.kernels.parallel.WorkerPool;
import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * Provider of {@link VectorKernels}. Without SIMD code from the compiler the Vector API works, but
 * a hundred times slower than plain Java: so it is offered only where the JVM compiles it.
 */
public final class VectorProvider implements KernelsProvider {
  private static final String MODULE_REMEDY = "start java with --add-modules jdk.incubator.vector";

  /** A value of a JVM option with which C2 compiles no vector code, and how it was probably set. */
  private record Obstacle(String option, String value, String name) {
    Obstacle(String option, String value) {
      this(option, value, "-XX:" + option + "=" + value);
    }
  }

  private static final List<Obstacle> OBSTACLES =
      List.of(
          new Obstacle("TieredStopAtLevel", "0"),
          new Obstacle("TieredStopAtLevel", "1"),
          new Obstacle("TieredStopAtLevel", "2"),
          new Obstacle("TieredStopAtLevel", "3"),
          new Obstacle("CompilationMode", "quick-only"),
          new Obstacle("UseCompiler", "false", "-Xint"),
          new Obstacle("UseJVMCICompiler", "true", "-XX:+UseJVMCICompiler"),
          new Obstacle("EnableVectorSupport", "false", "-XX:-EnableVectorSupport"));

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
    HotSpotDiagnosticMXBean options =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    if (options != null) {
      for (Obstacle obstacle : OBSTACLES) {
        if (isSet(options, obstacle.option(), obstacle.value())) {
          return new Probe.Unavailable(
              "the JVM does not compile vector code (" + obstacle.name() + ")",
              "remove that option");
        }
      }
      if (isSet(options, "UseFMA", "false")) {
        return new Probe.Unavailable(
            "the JVM has no fused multiply-add on this processor",
            "use a processor of 2013 or later, and no -XX:UseAVX or -XX:-UseFMA");
      }
    }
    return new Probe.Available(detail());
  }

  @Override
  public boolean gainsByWarmUp() {
    return true;
  }

  static String detail() {
    return "Vector API, " + Lanes.F.vectorBitSize() + " bits";
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
