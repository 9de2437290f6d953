/** Tensors, quantisation formats and CPU kernels. */
module dev.chaski.kernels {
  requires jdk.incubator.vector;
  requires java.management;
  requires jdk.management;

  exports dev.chaski.kernels;
  exports dev.chaski.kernels.arithmetic;
  exports dev.chaski.kernels.parallel;
  exports dev.chaski.kernels.quant;

  uses dev.chaski.kernels.KernelsProvider;

  provides dev.chaski.kernels.KernelsProvider with
      dev.chaski.kernels.scalar.ScalarProvider,
      dev.chaski.kernels.vector.VectorProvider;
}
