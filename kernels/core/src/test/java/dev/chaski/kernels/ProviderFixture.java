package dev.chaski.kernels;

import java.lang.foreign.Arena;

/** What the suites of {@link KernelsContract} work with; new for each test. */
interface ProviderFixture {
  /** All random numbers of a test start here; a failure names it. */
  long SEED = 20_240_723;

  /** Kernels of the provider under test, 2 threads. */
  Kernels kernels();

  /** More of them; the caller closes. */
  Kernels create(int threads);

  /** Lives as long as the test. */
  Arena arena();
}
