package dev.chaski.kernels.tornado.program;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/**
 * Products with a stored weight, and its rows. Scalars are constants of the compiled kernel;
 * everything that differs from launch to launch is in {@code p}, see {@link Parameters}.
 */
public final class MatmulKernels {
  // Parameters, after those of every kernel.
  public static final int OUT = 0; // first value of the output
  public static final int X = 1; // first value of the input
  public static final int W = 2; // first element of the weight
  public static final int ROW_STRIDE = 3; // elements of a row of the weight
  public static final int COLUMNS = 4; // values of a row of the weight
  public static final int ROWS = 5; // rows of this part of the weight
  public static final int OUT_STRIDE = 6; // values of a row of the output
  public static final int ADD = 7; // whether the product is added to the output
  public static final int TOKENS = 8; // rows of the input
  public static final int SCALES = 9; // first scale
  public static final int SCALE_BLOCKS = 10; // scales of a band of rows, 0 without scales
  public static final int SCALE_ROWS = 11; // rows of a band
  public static final int SCALE_CHUNKS = 12; // chunks that share a scale
  public static final int FIRST_ROW = 13; // of this part, in the whole weight
  public static final int IDS = 14; // first of the rows to look up
  public static final int SHAPE_COUNT = 15;

  /** Work-items of a group of {@link #vectorTimesRows}. */
  public static final int VECTOR_LOCAL = 32;

  /** Tokens for which {@link #vectorTimesRows} is worth while; each reads the weight again. */
  public static final int VECTOR_TOKENS = 4;

  /** Weight rows of a group of {@link #tokensTimesRows}. */
  public static final int TILE_ROWS = 32;

  /** Columns that a group of {@link #tokensTimesRows} has in local memory: two chunks. */
  private static final int TILE_COLUMNS = 2 * Chunks.SIZE;

  /** Tokens of a group of {@link #tokensTimesRows}. */
  public static final int TILE_TOKENS = 16;

  /** Work-items of a group of {@link #tokensTimesRows}: two tokens' halves for each row. */
  public static final int TILE_LOCAL = 64;

  private static final int TOKENS_PER_ITEM = 8;

  private MatmulKernels() {}

  /**
   * One group for each row of the weight and each of a few tokens: {@code out[token][row] (+)=
   * w[row] · x[token]}.
   */
  static void vectorTimesRows(
      KernelContext context,
      IntArray p,
      IntArray lists,
      FloatArray values,
      ByteArray bytes,
      ShortArray shorts,
      FloatArray floats,
      FloatArray scales,
      FloatArray tables,
      int type,
      int own) {
    int slot = lists.get(0) + own;
    int rows = p.get(slot + ROWS);
    int row = context.groupIdx % rows;
    int token = context.groupIdx / rows;
    int item = context.localIdx;
    float[] partial = context.allocateFloatLocalArray(VECTOR_LOCAL);
    int columns = p.get(slot + COLUMNS);
    int chunks = columns / Chunks.SIZE;
    int weight = p.get(slot + W) + row * p.get(slot + ROW_STRIDE);
    int x = p.get(slot + X) + token * columns;
    int scaleBlocks = p.get(slot + SCALE_BLOCKS);
    int scaleChunks = p.get(slot + SCALE_CHUNKS);
    int band = (p.get(slot + FIRST_ROW) + row) / p.get(slot + SCALE_ROWS);
    int firstScale = p.get(slot + SCALES) + band * scaleBlocks;
    float sum = 0;
    for (int chunk = item; chunk < chunks; chunk += VECTOR_LOCAL) {
      float scale = Chunks.scale(type, shorts, weight, chunk);
      float offset = Chunks.offset(type, shorts, weight, chunk);
      float even = 0;
      float odd = 0;
      int at = x + chunk * Chunks.SIZE;
      for (int i = 0; i < Chunks.SIZE / 2; i++) {
        float a =
            Chunks.code(type, bytes, shorts, floats, tables, weight, chunk, i, 0, scale, offset);
        float b =
            Chunks.code(type, bytes, shorts, floats, tables, weight, chunk, i, 1, scale, offset);
        even += a * values.get(at + 2 * i);
        odd += b * values.get(at + 2 * i + 1);
      }
      float product = Chunks.factor(type, scale) * (even + odd);
      if (scaleBlocks > 0) {
        product *= scales.get(firstScale + chunk / scaleChunks);
      }
      sum += product;
    }
    // Of formats without blocks, a row may end within a chunk: an item for each value of it.
    int last = chunks * Chunks.SIZE + item;
    if (last < columns) {
      float value =
          Chunks.code(
              type, bytes, shorts, floats, tables, weight, chunks, item >> 1, item & 1, 1f, 0f);
      if (scaleBlocks > 0) {
        value *= scales.get(firstScale + chunks / scaleChunks);
      }
      sum += value * values.get(x + last);
    }
    partial[item] = sum;
    context.localBarrier();
    for (int stride = VECTOR_LOCAL / 2; stride > 0; stride >>= 1) {
      if (item < stride) {
        partial[item] += partial[item + stride];
      }
      context.localBarrier();
    }
    if (item == 0) {
      int out =
          p.get(slot + OUT) + token * p.get(slot + OUT_STRIDE) + p.get(slot + FIRST_ROW) + row;
      float before = p.get(slot + ADD) == 1 ? values.get(out) : 0;
      values.set(out, before + partial[0]);
    }
  }

  /**
   * One group for each tile of rows and tokens: {@code out[token][row] (+)= w[row] · x[token]}.
   * Both inputs of a chunk of columns are brought to local memory first.
   */
  static void tokensTimesRows(
      KernelContext context,
      IntArray p,
      IntArray lists,
      FloatArray values,
      ByteArray bytes,
      ShortArray shorts,
      FloatArray floats,
      FloatArray scales,
      FloatArray tables,
      int type,
      int own) {
    int slot = lists.get(0) + own;
    int item = context.localIdx;
    float[] weightTile = context.allocateFloatLocalArray(TILE_COLUMNS * TILE_ROWS);
    float[] inputTile = context.allocateFloatLocalArray(TILE_TOKENS * TILE_COLUMNS);
    int rows = p.get(slot + ROWS);
    int tokens = p.get(slot + TOKENS);
    int columns = p.get(slot + COLUMNS);
    int steps = (columns + TILE_COLUMNS - 1) / TILE_COLUMNS;
    int rowTiles = (rows + TILE_ROWS - 1) / TILE_ROWS;
    int group = context.groupIdx;
    int firstRow = (group % rowTiles) * TILE_ROWS;
    int firstToken = (group / rowTiles) * TILE_TOKENS;
    int tileRow = item % TILE_ROWS;
    int half = item / TILE_ROWS;
    int row = firstRow + tileRow;
    int readRow = row < rows ? row : rows - 1; // rows beyond the last are computed in vain
    int weight = p.get(slot + W) + readRow * p.get(slot + ROW_STRIDE);
    int x = p.get(slot + X);
    int scaleBlocks = p.get(slot + SCALE_BLOCKS);
    int scaleChunks = p.get(slot + SCALE_CHUNKS);
    int band = (p.get(slot + FIRST_ROW) + readRow) / p.get(slot + SCALE_ROWS);
    int firstScale = p.get(slot + SCALES) + band * scaleBlocks;
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    float s4 = 0;
    float s5 = 0;
    float s6 = 0;
    float s7 = 0;
    for (int step = 0; step < steps; step++) {
      // Each item decodes a chunk of its row, and brings a quarter of a token's inputs.
      int chunk = 2 * step + half;
      int left = columns - chunk * Chunks.SIZE;
      float scale = 1;
      float offset = 0;
      float factor = 1;
      if (left > 0) {
        scale = Chunks.scale(type, shorts, weight, chunk);
        offset = Chunks.offset(type, shorts, weight, chunk);
        factor = Chunks.factor(type, scale);
        if (scaleBlocks > 0) {
          factor *= scales.get(firstScale + chunk / scaleChunks);
        }
      }
      int tile = half * Chunks.SIZE * TILE_ROWS + tileRow;
      for (int i = 0; i < Chunks.SIZE / 2; i++) {
        float a = 0;
        float b = 0;
        if (2 * i < left) {
          a = Chunks.code(type, bytes, shorts, floats, tables, weight, chunk, i, 0, scale, offset);
        }
        if (2 * i + 1 < left) {
          b = Chunks.code(type, bytes, shorts, floats, tables, weight, chunk, i, 1, scale, offset);
        }
        weightTile[tile + 2 * i * TILE_ROWS] = a * factor;
        weightTile[tile + (2 * i + 1) * TILE_ROWS] = b * factor;
      }
      int column = item % TILE_COLUMNS;
      for (int i = 0; i < TILE_TOKENS / 2; i++) {
        int tileToken = 2 * i + item / TILE_COLUMNS;
        int token = firstToken + tileToken;
        float value = 0;
        if (token < tokens && step * TILE_COLUMNS + column < columns) {
          value = values.get(x + token * columns + step * TILE_COLUMNS + column);
        }
        inputTile[tileToken * TILE_COLUMNS + column] = value;
      }
      context.localBarrier();
      int input = half * TOKENS_PER_ITEM * TILE_COLUMNS;
      for (int k = 0; k < TILE_COLUMNS; k++) {
        float w = weightTile[k * TILE_ROWS + tileRow];
        s0 += w * inputTile[input + k];
        s1 += w * inputTile[input + TILE_COLUMNS + k];
        s2 += w * inputTile[input + 2 * TILE_COLUMNS + k];
        s3 += w * inputTile[input + 3 * TILE_COLUMNS + k];
        s4 += w * inputTile[input + 4 * TILE_COLUMNS + k];
        s5 += w * inputTile[input + 5 * TILE_COLUMNS + k];
        s6 += w * inputTile[input + 6 * TILE_COLUMNS + k];
        s7 += w * inputTile[input + 7 * TILE_COLUMNS + k];
      }
      context.localBarrier(); // the tiles are written again
    }
    int token = firstToken + half * TOKENS_PER_ITEM;
    if (row < rows) {
      int stride = p.get(slot + OUT_STRIDE);
      int out = p.get(slot + OUT) + token * stride + p.get(slot + FIRST_ROW) + row;
      int add = p.get(slot + ADD);
      put(values, out, s0, token, tokens, add);
      put(values, out + stride, s1, token + 1, tokens, add);
      put(values, out + 2 * stride, s2, token + 2, tokens, add);
      put(values, out + 3 * stride, s3, token + 3, tokens, add);
      put(values, out + 4 * stride, s4, token + 4, tokens, add);
      put(values, out + 5 * stride, s5, token + 5, tokens, add);
      put(values, out + 6 * stride, s6, token + 6, tokens, add);
      put(values, out + 7 * stride, s7, token + 7, tokens, add);
    }
  }

  private static void put(FloatArray out, int at, float sum, int token, int tokens, int add) {
    if (token < tokens) {
      float before = 0;
      if (add == 1) {
        before = out.get(at);
      }
      out.set(at, before + sum);
    }
  }

  /** One item for each chunk of each row that is looked up: {@code out[i] = w[ids[i]]}. */
  static void lookUpRows(
      KernelContext context,
      IntArray p,
      IntArray lists,
      FloatArray values,
      ByteArray bytes,
      ShortArray shorts,
      FloatArray floats,
      FloatArray scales,
      FloatArray tables,
      int type,
      int own) {
    int slot = lists.get(0) + own;
    int columns = p.get(slot + COLUMNS);
    int chunks = (columns + Chunks.SIZE - 1) / Chunks.SIZE;
    int item = context.globalIdx;
    if (item < chunks * p.get(slot + TOKENS)) {
      int token = item / chunks;
      int chunk = item % chunks;
      // Rows of other parts of the weight are looked up by other launches.
      int row = lists.get(p.get(slot + IDS) + token) - p.get(slot + FIRST_ROW);
      if (row >= 0 && row < p.get(slot + ROWS)) {
        int left = columns - chunk * Chunks.SIZE;
        int count = left < Chunks.SIZE ? left : Chunks.SIZE;
        int weight = p.get(slot + W) + row * p.get(slot + ROW_STRIDE);
        int out = p.get(slot + OUT) + token * columns + chunk * Chunks.SIZE;
        float scale = Chunks.scale(type, shorts, weight, chunk);
        float offset = Chunks.offset(type, shorts, weight, chunk);
        float factor = Chunks.factor(type, scale);
        float outer = 1;
        int scaleBlocks = p.get(slot + SCALE_BLOCKS);
        if (scaleBlocks > 0) {
          int band = (p.get(slot + FIRST_ROW) + row) / p.get(slot + SCALE_ROWS);
          int block = chunk / p.get(slot + SCALE_CHUNKS);
          outer = scales.get(p.get(slot + SCALES) + band * scaleBlocks + block);
        }
        for (int i = 0; i < count; i++) {
          float code =
              Chunks.code(
                  type, bytes, shorts, floats, tables, weight, chunk, i >> 1, i & 1, scale, offset);
          values.set(out + i, code * factor * outer);
        }
      }
    }
  }
}
