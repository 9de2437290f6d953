/** The kernels on a GPU, through TornadoVM. */
module dev.chaski.kernels.tornado {
  requires dev.chaski.kernels;
  requires java.management;
  requires tornado.api;

  provides dev.chaski.kernels.KernelsProvider with
      dev.chaski.kernels.tornado.TornadoProvider;
}
