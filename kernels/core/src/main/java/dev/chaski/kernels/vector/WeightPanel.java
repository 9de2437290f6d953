package dev.chaski.kernels.vector;

import dev.chaski.kernels.cpu.CpuTensor;
import dev.chaski.kernels.cpu.CpuWeight;
import java.util.Arrays;

/**
 * A panel of weight rows in a matrix times matrix: decoded a stretch of columns at a time, and
 * multiplied with all tokens while it lies in the second-level cache. Scratch of one thread.
 */
final class WeightPanel {
  /**
   * Tiles of rows in a panel, at most: so many times does a packed token serve that comes from far
   * away.
   */
  private static final int MAX_GROUPS = 16;

  /** Tokens up to which weights that come from far away take longer than the tokens do. */
  private static final int FEW_TOKENS = 64;

  /** Bytes of weights in a panel for few tokens. */
  private static final long FEW_TOKENS_BYTES = 64 * 1024;

  private final float[] values = new float[MAX_GROUPS * VectorGemm.ROWS * VectorGemm.DEPTH];
  private float[] tiles = new float[0]; // (tiles of tokens, tiles of rows, ROWS, width)

  /**
   * Into how many panels a weight is best cut: a multiple of the threads, as far as it has rows, so
   * that none waits for another one's last panel.
   */
  static int count(CpuWeight w, int tokens, int threads) {
    int most = MAX_GROUPS;
    if (tokens <= FEW_TOKENS) {
      most = Math.clamp(FEW_TOKENS_BYTES / (VectorGemm.ROWS * w.rowBytes()), 1, MAX_GROUPS);
    }
    int groups = groups(w);
    return Math.min(groups, threads * Math.ceilDiv(groups, threads * most));
  }

  private static int groups(CpuWeight w) {
    return Math.ceilDiv(w.rows(), VectorGemm.ROWS);
  }

  private static int firstRow(CpuWeight w, int panel, int count) {
    long group = (long) groups(w) * panel / count;
    return (int) Math.min(w.rows(), group * VectorGemm.ROWS);
  }

  /**
   * {@code out[t][r] = Σ w[r][k] * x[t][k]}, or {@code +=}, for the rows of one panel.
   *
   * @param panel 0 .. count - 1
   * @param count see {@link #count}
   * @param packed the tokens, see {@link VectorGemm#pack}
   */
  void multiply(
      VectorFormat format,
      CpuWeight w,
      int panel,
      int count,
      float[] packed,
      int tokens,
      CpuTensor out,
      boolean add) {
    int first = firstRow(w, panel, count);
    int rows = firstRow(w, panel + 1, count) - first;
    int columns = w.columns();
    int groups = Math.ceilDiv(rows, VectorGemm.ROWS);
    clearTiles(VectorGemm.packedSize(tokens, groups * VectorGemm.ROWS));
    for (int start = 0; start < columns; start += VectorGemm.DEPTH) {
      int depth = Math.min(VectorGemm.DEPTH, columns - start);
      decode(format, w, first, rows, start, depth);
      for (int token = 0; token < tokens; token += VectorGemm.TOKENS) {
        int width = VectorGemm.width(token, tokens);
        int x = token * columns + start * width;
        for (int group = 0; group < groups; group++) {
          VectorGemm.multiply(
              values,
              group * VectorGemm.ROWS * VectorGemm.DEPTH,
              depth,
              packed,
              x,
              width,
              tiles,
              (token * groups + group * width) * VectorGemm.ROWS);
        }
      }
    }
    for (int token = 0; token < tokens; token++) {
      store(token, tokens, groups, rows, out.data(), token * w.rows() + first, add);
    }
  }

  private void clearTiles(int size) {
    if (tiles.length < size) {
      tiles = new float[size];
    } else {
      Arrays.fill(tiles, 0, size, 0f);
    }
  }

  private void decode(VectorFormat format, CpuWeight w, int first, int rows, int start, int depth) {
    long offset = w.type().byteSize(start);
    for (int r = 0; r < rows; r++) {
      int to = r * VectorGemm.DEPTH;
      format.decode(w.data(), (first + r) * w.rowBytes() + offset, values, to, depth);
      if (w.scale().isPresent()) {
        w.scale().get().apply(first + r, start, values, to, depth);
      }
    }
  }

  /** Takes the results of one token out of the tiles. */
  private void store(
      int token, int tokens, int groups, int rows, float[] out, int at, boolean add) {
    int start = token / VectorGemm.TOKENS * VectorGemm.TOKENS;
    int width = VectorGemm.width(start, tokens);
    int from = start * groups * VectorGemm.ROWS + token - start;
    for (int r = 0; r < rows; r++) {
      VectorFormat.store(out, at + r, tiles[from + r * width], add);
    }
  }
}
