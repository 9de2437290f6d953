/**
 * Chaski beside llama.cpp: the same model file, tests and threads, run in turns on the same machine
 * so that what else it does meanwhile hits both, and what was found, as a table and a chart.
 * Imports the engine. Start reading at {@link dev.chaski.benchmarks.peer.SideBySide}.
 */
package dev.chaski.benchmarks.peer;
