/**
 * The kernels on a GPU, or any other device that TornadoVM compiles for. Imports {@code
 * dev.chaski.kernels} and {@code dev.chaski.kernels.tornado.program}. Start reading at {@link
 * dev.chaski.kernels.tornado.TornadoKernels}.
 */
package dev.chaski.kernels.tornado;
