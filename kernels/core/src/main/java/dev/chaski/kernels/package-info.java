/**
 * Tensors and the operations on them: {@link dev.chaski.kernels.Kernels} is what a model is written
 * against, its providers do the work. Imports nothing outside this module. Start reading at {@link
 * dev.chaski.kernels.Kernels}.
 */
package dev.chaski.kernels;
