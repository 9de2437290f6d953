/**
 * Speed: JMH benchmarks of single operations, and a writer of random models in the shapes people
 * run, so that anybody can measure without downloading. Imports everything; nothing imports it.
 * Start reading at {@link dev.chaski.benchmarks.MatmulBenchmark}.
 */
package dev.chaski.benchmarks;
