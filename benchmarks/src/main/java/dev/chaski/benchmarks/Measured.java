package dev.chaski.benchmarks;

/**
 * A benchmark that knows its work, so that times become GB/s and GFLOP/s. The report asks a new
 * instance of which only the parameters are set.
 */
public interface Measured {
  /** The work of one operation, with the parameters as they are. */
  Work work();
}
