package dev.chaski.kernels.scalar;

import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KernelsOptions;
import dev.chaski.kernels.KernelsProvider;
import dev.chaski.kernels.parallel.WorkerPool;

/** Provider of {@link ScalarKernels}. */
public final class ScalarProvider implements KernelsProvider {
  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public int rank() {
    return 0;
  }

  @Override
  public Probe probe() {
    return new Probe.Available("plain Java, the reference (slow)");
  }

  @Override
  public Kernels create(KernelsOptions options) {
    return new ScalarKernels(new WorkerPool(options.threads()));
  }
}
