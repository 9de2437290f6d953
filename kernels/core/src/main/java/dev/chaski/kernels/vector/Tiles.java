package dev.chaski.kernels.vector;

import static dev.chaski.kernels.vector.Lanes.F;
import static dev.chaski.kernels.vector.Lanes.FLOATS;

import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.cpu.CpuTensor;
import dev.chaski.kernels.cpu.CpuWeight;
import dev.chaski.kernels.parallel.WorkerPool;
import dev.chaski.kernels.quant.LittleEndian;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/** Matrix times vector by tiles of rows; see {@link TileFormat}. */
final class Tiles {
  /** Tiles of one task. The first of them is touched in advance, which takes time of its own. */
  private static final int TILES_PER_TASK = 4;

  /** Tasks for each thread, if there are enough tiles: threads may be of unequal speed. */
  private static final int TASKS_PER_THREAD = 4;

  private static final int CACHE_LINE = 64;

  private static final VectorShuffle<Float> BY_8 = VectorShuffle.iota(F, 8 % FLOATS, 1, true);
  private static final VectorShuffle<Float> BY_4 = VectorShuffle.iota(F, 4 % FLOATS, 1, true);
  private static final VectorShuffle<Float> BY_2 = VectorShuffle.iota(F, 2, 1, true);
  private static final VectorShuffle<Float> BY_1 = VectorShuffle.iota(F, 1, 1, true);

  private final Map<TensorType, TileFormat> formats = new EnumMap<>(TensorType.class);
  private final ThreadLocal<TileInput> inputs = ThreadLocal.withInitial(TileInput::new);
  private final ThreadLocal<TileScratch> scratch = ThreadLocal.withInitial(TileScratch::new);

  /** Where registers are shorter than 512 bits, no weight has a format. */
  Tiles() {
    if (FLOATS == 16) {
      formats.put(TensorType.F8_E4M3, new F8E4m3Tiles());
      formats.put(TensorType.Q4_K, new Q4_KTiles());
      formats.put(TensorType.Q5_K, new Q5_KTiles());
      formats.put(TensorType.Q6_K, new Q6_KTiles());
    }
  }

  /** The format of a weight, if it can be multiplied by tiles. */
  Optional<TileFormat> of(CpuWeight w) {
    return Optional.ofNullable(formats.get(w.type())).filter(format -> format.fits(w));
  }

  /** {@code out (+)= w * x} for a single row of {@code x}. */
  void multiply(
      WorkerPool pool, TileFormat format, CpuTensor out, CpuWeight w, CpuTensor x, boolean add) {
    TileInput input = inputs.get();
    input.reserve(w.columns());
    format.prepare(x.data(), w.columns(), input);
    int tiles = Math.ceilDiv(w.rows(), TileFormat.ROWS);
    int tilesPerTask = Math.clamp(tiles / (pool.threads() * TASKS_PER_THREAD), 1, TILES_PER_TASK);
    int step = tilesPerTask * TileFormat.ROWS;
    pool.run(
        Math.ceilDiv(w.rows(), step),
        task -> {
          int first = task * step;
          int rows = Math.min(step, w.rows() - first);
          multiply(format, out.data(), w, first, rows, input, scratch.get(), add);
        });
  }

  private static void multiply(
      TileFormat format,
      float[] out,
      CpuWeight w,
      int first,
      int rows,
      TileInput x,
      TileScratch s,
      boolean add) {
    long start = first * w.rowBytes();
    touch(w.data(), start, start + Math.min(rows, TileFormat.ROWS) * w.rowBytes(), s);
    for (int row = 0; row < rows; row += TileFormat.ROWS) {
      int count = Math.min(TileFormat.ROWS, rows - row);
      boolean isNextWhole = row + 2 * TileFormat.ROWS <= rows;
      long touch = start + (isNextWhole ? row + TileFormat.ROWS : row) * w.rowBytes();
      Arrays.fill(s.sums, 0, count * FLOATS, 0);
      format.multiply(w, first + row, count, x, s, touch);
      store(s.sums, count, x.unit, out, first + row, add);
    }
  }

  private static void touch(MemorySegment w, long from, long to, TileScratch s) {
    long touched = 0;
    for (long at = from; at + Long.BYTES <= to; at += CACHE_LINE) {
      touched += w.get(LittleEndian.LONG, at);
    }
    s.touched += touched;
  }

  /** Stores the sum of the lanes of each row, added up as {@link Lanes#sum} does. */
  private static void store(float[] sums, int rows, double unit, float[] out, int at, boolean add) {
    for (int row = 0; row < rows; row++) {
      FloatVector lanes = FloatVector.fromArray(F, sums, row * FLOATS);
      lanes = lanes.add(lanes.rearrange(BY_8));
      lanes = lanes.add(lanes.rearrange(BY_4));
      lanes = lanes.add(lanes.rearrange(BY_2));
      float sum = lanes.add(lanes.rearrange(BY_1)).lane(0);
      VectorFormat.store(out, at + row, (float) (sum * unit), add);
    }
  }
}
