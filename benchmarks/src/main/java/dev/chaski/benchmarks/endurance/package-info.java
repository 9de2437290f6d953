/**
 * What shows only after a while: {@link dev.chaski.benchmarks.endurance.Crowd}, many sessions on
 * one model whose answers must be those of one alone, and {@link
 * dev.chaski.benchmarks.endurance.Soak}, a long generation whose memory and speed must stay as they
 * were. Both run for seconds in the tests and for as long as one likes from the command line
 * ({@code benchmarks/README.md}). Imports the engine.
 */
package dev.chaski.benchmarks.endurance;
