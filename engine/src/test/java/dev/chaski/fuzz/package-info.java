/**
 * Fuzz tests: whatever the bytes of a model file, a template, a grammar or an answer are, they lead
 * to a result or to an exception of ours, in bounded time and memory. Each is a JUnit test that
 * replays its seeds, and those that once failed ({@code resources/dev/chaski/fuzz/*Inputs}); told
 * to, it searches for new ones guided by coverage. CONTRIBUTING.md has the command. Start with
 * {@link dev.chaski.fuzz.Hostile}.
 */
package dev.chaski.fuzz;
