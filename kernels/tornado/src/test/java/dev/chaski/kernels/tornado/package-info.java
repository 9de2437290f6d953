/** Tests of the kernels on a device; those that need one are skipped where there is none. */
package dev.chaski.kernels.tornado;
