package dev.chaski.kernels;

import dev.chaski.kernels.scalar.ScalarProvider;

class ScalarKernelsTest extends KernelsContract {
  ScalarKernelsTest() {
    super(new ScalarProvider());
  }
}
