package dev.chaski.benchmarks;

/**
 * What one operation of a benchmark has to do at least, whoever does it.
 *
 * @param bytes bytes it reads and writes
 * @param flops floating-point operations; a multiplication and an addition are two
 * @param fromMemory whether the bytes cannot be in a cache, so that the memory's speed bounds it
 */
public record Work(long bytes, long flops, boolean fromMemory) {}
