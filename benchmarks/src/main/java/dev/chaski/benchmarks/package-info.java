/**
 * Speed: JMH benchmarks of single operations, held against what the machine can do, and a writer of
 * random models in the shapes people run, so that anybody can measure without downloading. Imports
 * everything; nothing imports it. Start reading at {@link dev.chaski.benchmarks.MatmulBenchmark},
 * then {@link dev.chaski.benchmarks.BenchmarkMain}; how to use it is in {@code
 * benchmarks/README.md}.
 */
package dev.chaski.benchmarks;
