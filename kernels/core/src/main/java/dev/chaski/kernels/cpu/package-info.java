/**
 * What the CPU providers share: tensors in arrays, weights in mapped memory, caches in native
 * memory, and the operations whose speed does not matter. Imports {@code kernels}, {@code
 * kernels.quant} and {@code kernels.parallel}. Start reading at {@link
 * dev.chaski.kernels.cpu.CpuKernels}.
 */
package dev.chaski.kernels.cpu;
