package dev.chaski.kernels;

import dev.chaski.kernels.vector.VectorProvider;

/** Runs three times, with vectors of 128, 256 and 512 bits: see the surefire section of the pom. */
class VectorKernelsTest extends KernelsContract {
  VectorKernelsTest() {
    super(new VectorProvider());
  }
}
