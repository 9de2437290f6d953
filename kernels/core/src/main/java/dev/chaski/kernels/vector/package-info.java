/**
 * Kernels on the JDK's Vector API: one family per file, one file per weight format. Imports {@code
 * kernels}, {@code kernels.cpu}, {@code kernels.quant} and {@code kernels.parallel}. Start reading
 * at {@link dev.chaski.kernels.vector.VectorKernels}, then {@link
 * dev.chaski.kernels.vector.VectorFormat}.
 *
 * <p>Rules of the house, learned from the compiler: species are constants of {@link
 * dev.chaski.kernels.vector.Lanes}; a method that returns a vector may be refused inlining and then
 * allocates, so hot loops are written out; lanes are added up in a fixed order, because {@code
 * reduceLanes} promises none and the interpreter's differs from the compiler's.
 */
package dev.chaski.kernels.vector;
