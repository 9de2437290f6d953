/**
 * Threads: {@link dev.chaski.kernels.parallel.WorkerPool} runs one operation on several cores.
 * Imports nothing of ours.
 */
package dev.chaski.kernels.parallel;
