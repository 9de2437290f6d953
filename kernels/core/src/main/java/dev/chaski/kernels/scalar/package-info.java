/**
 * The specification: every operation in its plainest form, sums in double precision. Always there,
 * always selectable, slow. Everything faster is tested against it.
 */
package dev.chaski.kernels.scalar;
