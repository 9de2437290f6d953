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
import java.util.concurrent.atomic.AtomicInteger;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/** Matrix times vector by tiles of rows; see {@link TileFormat}. */
final class Tiles {
  /** Rows of {@code x} that {@link #multiply} can have. */
  static final int MAX_TOKENS = 6;

  private static final int CACHE_LINE = 64;

  /** Places of a tile that are touched by turns. */
  static final int PLACES = 4;

  /** Bytes of one place that are touched before another's. */
  private static final int RUN = 4 * CACHE_LINE;

  private static final VectorShuffle<Float> BY_8 = VectorShuffle.iota(F, 8 % FLOATS, 1, true);
  private static final VectorShuffle<Float> BY_4 = VectorShuffle.iota(F, 4 % FLOATS, 1, true);
  private static final VectorShuffle<Float> BY_2 = VectorShuffle.iota(F, 2, 1, true);
  private static final VectorShuffle<Float> BY_1 = VectorShuffle.iota(F, 1, 1, true);

  private final Map<TensorType, TileFormat> formats = new EnumMap<>(TensorType.class);
  private final ThreadLocal<TileInput[]> inputs = ThreadLocal.withInitial(Tiles::newInputs);
  private final ThreadLocal<TileScratch> scratch = ThreadLocal.withInitial(TileScratch::new);

  /** Where registers are shorter than 512 bits, no weight has a format. */
  Tiles() {
    if (FLOATS == 16) {
      formats.put(TensorType.F16, new F16Tiles());
      formats.put(TensorType.F8_E4M3, new F8E4m3Tiles());
      formats.put(TensorType.Q4_K, new Q4_KTiles());
      formats.put(TensorType.Q5_K, new Q5_KTiles());
      formats.put(TensorType.Q6_K, new Q6_KTiles());
      formats.put(TensorType.Q8_0, new Q8_0Tiles());
      formats.put(TensorType.Q4_0, new Q4_0Tiles());
    }
  }

  private static TileInput[] newInputs() {
    TileInput[] inputs = new TileInput[MAX_TOKENS];
    Arrays.setAll(inputs, _ -> new TileInput());
    return inputs;
  }

  /** The format of a weight, if it can be multiplied by tiles. */
  Optional<TileFormat> of(CpuWeight w) {
    return Optional.ofNullable(formats.get(w.type())).filter(format -> format.fits(w));
  }

  /** {@code out (+)= x * wᵀ} for up to {@link #MAX_TOKENS} rows of {@code x}. */
  void multiply(
      WorkerPool pool, TileFormat format, CpuTensor out, CpuWeight w, CpuTensor x, boolean add) {
    TileInput[] xs = inputs.get();
    for (int token = 0; token < x.rows(); token++) {
      xs[token].reserve(x.columns());
      format.prepare(xs[token].row(x, token), x.columns(), xs[token]);
    }
    AtomicInteger unclaimed = new AtomicInteger();
    pool.run(pool.threads(), _ -> multiplyClaimed(format, out, w, xs, add, unclaimed));
  }

  /** Multiplies tiles until none is left. The next one is claimed early, so it can be touched. */
  private void multiplyClaimed(
      TileFormat format,
      CpuTensor out,
      CpuWeight w,
      TileInput[] xs,
      boolean add,
      AtomicInteger unclaimed) {
    int tiles = Math.ceilDiv(w.rows(), TileFormat.ROWS);
    TileScratch s = scratch.get();
    int tile = unclaimed.getAndIncrement();
    if (tile < tiles) {
      touch(w.data(), startOf(tile, w), (int) (rowsOf(tile, w) * w.rowBytes()), s);
    }
    while (tile < tiles) {
      int next = unclaimed.getAndIncrement();
      boolean isNextWhole = next < tiles && rowsOf(next, w) == TileFormat.ROWS;
      multiply(format, out, w, tile, xs, s, add, isNextWhole ? next : tile);
      tile = next;
    }
  }

  private static long startOf(int tile, CpuWeight w) {
    return (long) tile * TileFormat.ROWS * w.rowBytes();
  }

  private static int rowsOf(int tile, CpuWeight w) {
    return Math.min(TileFormat.ROWS, w.rows() - tile * TileFormat.ROWS);
  }

  /** Multiplies one tile by all tokens, and touches another tile with the last of them. */
  private static void multiply(
      TileFormat format,
      CpuTensor out,
      CpuWeight w,
      int tile,
      TileInput[] xs,
      TileScratch s,
      boolean add,
      int touched) {
    int first = tile * TileFormat.ROWS;
    int rows = rowsOf(tile, w);
    for (int token = 0; token < out.rows(); token++) {
      int touch = token + 1 == out.rows() ? touched : tile;
      Arrays.fill(s.sums, 0, rows * FLOATS, 0);
      format.multiply(w, first, rows, xs[token], s, startOf(touch, w));
      store(s.sums, rows, xs[token].unit, out.data(), token * w.rows() + first, add);
    }
  }

  /**
   * Loads each cache line of {@code bytes} bytes, so that they are in the cache when they are
   * wanted; in runs from several places by turns, see {@link #turn}.
   */
  static void touch(MemorySegment w, long from, int bytes, TileScratch s) {
    long touched = 0;
    int span = bytes / (PLACES * RUN) * RUN;
    for (int i = 0; i < span; i += RUN) {
      for (int place = 0; place < PLACES; place++) {
        long at = from + (long) place * span + i;
        touched += w.get(LittleEndian.LONG, at);
        touched += w.get(LittleEndian.LONG, at + CACHE_LINE);
        touched += w.get(LittleEndian.LONG, at + 2 * CACHE_LINE);
        touched += w.get(LittleEndian.LONG, at + 3 * CACHE_LINE);
      }
    }
    for (int i = PLACES * span; i <= bytes - Long.BYTES; i += CACHE_LINE) {
      touched += w.get(LittleEndian.LONG, from + i);
    }
    s.touched += touched;
  }

  /**
   * Where loops over rows touch the next tile, after where they begin to: the rows go to places
   * {@code apart} by turns, each {@code step} bytes further there. (A processor fetches ahead only
   * within a page, and waits for one page while it fetches another.)
   */
  static long turn(int row, long apart, int step) {
    return (row & (PLACES - 1)) * apart + (long) (row >> 2) * step;
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
