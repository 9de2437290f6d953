/**
 * Numbers from bits, and back, by arithmetic alone: for compilers of device kernels, which know
 * neither reinterpreted bits nor half precision. Plain Java without dependencies, so that what runs
 * on a device is tested where there is none. Imports nothing. Start reading at {@link
 * dev.chaski.kernels.arithmetic.BitFloats}.
 */
package dev.chaski.kernels.arithmetic;
