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

  /** Rows of a tile, at least, but for the last one. */
  private static final int MIN_ROWS = 16;

  /** Bytes of a tile, as long as it has more than {@link #MIN_ROWS} rows. */
  private static final int MAX_BYTES = 384 << 10;

  /** Tiles that a thread should have, as long as they have more than {@link #MIN_ROWS} rows. */
  private static final int TILES_PER_THREAD = 4;

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
      formats.put(TensorType.BF16, new Bf16Tiles());
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
    Cut cut = new Cut(w, tileRows(w, pool.threads()));
    AtomicInteger unclaimed = new AtomicInteger();
    pool.run(pool.threads(), _ -> multiplyClaimed(format, out, cut, xs, add, unclaimed));
  }

  /**
   * Long loops cost least and touch most evenly, but two tiles have to stay in the second-level
   * cache, and all threads are to have some.
   */
  private static int tileRows(CpuWeight w, int threads) {
    int rows = TileFormat.ROWS;
    while (rows > MIN_ROWS
        && (rows * w.rowBytes() > MAX_BYTES || w.rows() < rows * TILES_PER_THREAD * threads)) {
      rows /= 2;
    }
    return rows;
  }

  /** A matrix cut into tiles, of which the last may have fewer rows. */
  private record Cut(CpuWeight w, int tileRows) {
    int tiles() {
      return Math.ceilDiv(w.rows(), tileRows);
    }

    int first(int tile) {
      return tile * tileRows;
    }

    int rows(int tile) {
      return Math.min(tileRows, w.rows() - first(tile));
    }

    /** Where the bytes of a tile start. */
    long start(int tile) {
      return first(tile) * w.rowBytes();
    }
  }

  /** Multiplies tiles until none is left. The next one is claimed early, so it can be touched. */
  private void multiplyClaimed(
      TileFormat format,
      CpuTensor out,
      Cut cut,
      TileInput[] xs,
      boolean add,
      AtomicInteger unclaimed) {
    int tiles = cut.tiles();
    TileScratch s = scratch.get();
    int tile = unclaimed.getAndIncrement();
    if (tile < tiles) {
      touchAll(cut.w().data(), cut.start(tile), (int) (cut.rows(tile) * cut.w().rowBytes()), s);
    }
    while (tile < tiles) {
      int next = unclaimed.getAndIncrement();
      boolean isNextWhole = next < tiles && cut.rows(next) == cut.tileRows();
      multiply(format, out, cut, tile, xs, s, add, isNextWhole ? next : tile);
      tile = next;
    }
  }

  /** Multiplies one tile by all tokens, and touches another tile with the last of them. */
  private static void multiply(
      TileFormat format,
      CpuTensor out,
      Cut cut,
      int tile,
      TileInput[] xs,
      TileScratch s,
      boolean add,
      int touched) {
    CpuWeight w = cut.w();
    int first = cut.first(tile);
    int rows = cut.rows(tile);
    for (int token = 0; token < out.rows(); token++) {
      int touch = token + 1 == out.rows() ? touched : tile;
      Arrays.fill(s.sums, 0, rows * FLOATS, 0);
      format.multiply(w, first, rows, xs[token], s, cut.start(touch));
      store(s.sums, rows, xs[token].unit, out.data(), token * w.rows() + first, add);
    }
  }

  /**
   * Loads each cache line of {@code bytes} bytes, so that they are in the cache when they are
   * wanted; in runs from several places by turns, see {@link #touch}.
   */
  static void touchAll(MemorySegment w, long from, int bytes, TileScratch s) {
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
   * Touches the next tile in {@link #PLACES} places {@code apart}. Loops over rows call it with an
   * {@code at} that grows by a cache line at most, so that each of these loads goes through
   * addresses in their order and with one stride, as processors expect of what they are to fetch
   * ahead. (They do so only within a page, and wait for one page while they fetch another; hence
   * several places.)
   */
  static long touch(MemorySegment w, long at, long apart) {
    return w.get(LittleEndian.LONG, at)
        + w.get(LittleEndian.LONG, at + apart)
        + w.get(LittleEndian.LONG, at + 2 * apart)
        + w.get(LittleEndian.LONG, at + 3 * apart);
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
