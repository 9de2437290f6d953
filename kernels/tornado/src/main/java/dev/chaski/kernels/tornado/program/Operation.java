package dev.chaski.kernels.tornado.program;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/** The kernels, and which arrays each takes: the order of {@link Launch#arrays}. */
public enum Operation {
  /** values. */
  CLEAR,
  /** from, to. */
  COPY_FLOATS,
  /** from, to. */
  COPY_INTS,
  /** from, to. */
  COPY_SHORTS,
  /** from, to. */
  COPY_BYTES,
  /** values. */
  GATHER,
  /** As {@link #GATHER}, for rotations. */
  ANGLES,
  /** values; the constant is epsilon. */
  NORMALIZE,
  /** values. */
  GATE,
  /** values. */
  ROTATE,
  /** values, found. */
  LARGEST,
  /** values, bytes, shorts, floats, scales, tables; the variant is the type of the weight. */
  VECTOR_TIMES_ROWS,
  /** As {@link #VECTOR_TIMES_ROWS}. */
  TOKENS_TIMES_ROWS,
  /** As {@link #VECTOR_TIMES_ROWS}. */
  LOOK_UP,
  /** values, floats, shorts; the variant is the type of the cache. */
  STORE_VALUES,
  /** values, bytes. */
  STORE_BLOCKS,
  /** values, floats, shorts, bytes; the variant is the type of the cache. */
  ATTEND;

  /**
   * Adds a launch to a graph.
   *
   * @param id name of the task
   * @param p where the parameters of the segment are
   * @param lists lists, and before them where in {@code p} the segment's blocks begin
   * @param block which of them is the launch's: its place from there
   */
  void addTo(TaskGraph graph, String id, Launch launch, IntArray p, IntArray lists, int block) {
    KernelContext context = new KernelContext();
    Object[] a = launch.arrays();
    int variant = launch.variant();
    switch (this) {
      case CLEAR ->
          graph.task(id, RowKernels::clearValues, context, p, lists, (FloatArray) a[0], block);
      case COPY_FLOATS ->
          graph.task(
              id,
              RowKernels::copyFloats,
              context,
              p,
              lists,
              (FloatArray) a[0],
              (FloatArray) a[1],
              block);
      case COPY_INTS ->
          graph.task(
              id, RowKernels::copyInts, context, p, lists, (IntArray) a[0], (IntArray) a[1], block);
      case COPY_SHORTS ->
          graph.task(
              id,
              RowKernels::copyShorts,
              context,
              p,
              lists,
              (ShortArray) a[0],
              (ShortArray) a[1],
              block);
      case COPY_BYTES ->
          graph.task(
              id,
              RowKernels::copyBytes,
              context,
              p,
              lists,
              (ByteArray) a[0],
              (ByteArray) a[1],
              block);
      case GATHER, ANGLES ->
          graph.task(id, RowKernels::gatherRows, context, p, lists, (FloatArray) a[0], block);
      case NORMALIZE ->
          graph.task(
              id,
              RowKernels::normalizeRows,
              context,
              p,
              lists,
              (FloatArray) a[0],
              launch.constant(),
              block);
      case GATE ->
          graph.task(id, RowKernels::gateValues, context, p, lists, (FloatArray) a[0], block);
      case ROTATE ->
          graph.task(id, RowKernels::rotatePairs, context, p, lists, (FloatArray) a[0], block);
      case LARGEST ->
          graph.task(
              id,
              RowKernels::largestValue,
              context,
              p,
              lists,
              (FloatArray) a[0],
              (IntArray) a[1],
              block);
      case VECTOR_TIMES_ROWS ->
          graph.task(
              id,
              MatmulKernels::vectorTimesRows,
              context,
              p,
              lists,
              (FloatArray) a[0],
              (ByteArray) a[1],
              (ShortArray) a[2],
              (FloatArray) a[3],
              (FloatArray) a[4],
              (FloatArray) a[5],
              variant,
              block);
      case TOKENS_TIMES_ROWS ->
          graph.task(
              id,
              MatmulKernels::tokensTimesRows,
              context,
              p,
              lists,
              (FloatArray) a[0],
              (ByteArray) a[1],
              (ShortArray) a[2],
              (FloatArray) a[3],
              (FloatArray) a[4],
              (FloatArray) a[5],
              variant,
              block);
      case LOOK_UP ->
          graph.task(
              id,
              MatmulKernels::lookUpRows,
              context,
              p,
              lists,
              (FloatArray) a[0],
              (ByteArray) a[1],
              (ShortArray) a[2],
              (FloatArray) a[3],
              (FloatArray) a[4],
              (FloatArray) a[5],
              variant,
              block);
      case STORE_VALUES ->
          graph.task(
              id,
              AttentionKernels::storeValues,
              context,
              p,
              lists,
              (FloatArray) a[0],
              (FloatArray) a[1],
              (ShortArray) a[2],
              variant,
              block);
      case STORE_BLOCKS ->
          graph.task(
              id,
              AttentionKernels::storeBlocks,
              context,
              p,
              lists,
              (FloatArray) a[0],
              (ByteArray) a[1],
              block);
      case ATTEND ->
          graph.task(
              id,
              AttentionKernels::attendHeads,
              context,
              p,
              lists,
              (FloatArray) a[0],
              (FloatArray) a[1],
              (ShortArray) a[2],
              (ByteArray) a[3],
              variant,
              block);
    }
  }
}
