/**
 * What {@code chaski bench} prints: a row of figures for each test, as a table or for programs. May
 * import the engine. Start reading at {@link dev.chaski.cli.bench.BenchRow}.
 */
package dev.chaski.cli.bench;
