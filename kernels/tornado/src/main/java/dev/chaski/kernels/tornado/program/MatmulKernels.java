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

  /** Work-items of a group of {@link #vectorTimesRows}: one for each value of a chunk. */
  public static final int VECTOR_LOCAL = Chunks.SIZE;

  /** Weight rows of a group of {@link #tokensTimesRows}. */
  public static final int TILE_ROWS = 32;

  /** Tokens of a group of {@link #tokensTimesRows}. */
  public static final int TILE_TOKENS = 16;

  /** Work-items of a group of {@link #tokensTimesRows}: two tokens' halves for each row. */
  public static final int TILE_LOCAL = 64;

  private static final int TOKENS_PER_ITEM = 8;

  private MatmulKernels() {}

  /** One group for each row of the weight: {@code out[row] (+)= w[row] · x}. */
  static void vectorTimesRows(
      KernelContext context,
      IntArray p,
      FloatArray values,
      ByteArray bytes,
      ShortArray shorts,
      FloatArray floats,
      FloatArray scales,
      FloatArray powers,
      int type,
      int slot) {
    int row = context.groupIdx;
    int item = context.localIdx;
    float[] partial = context.allocateFloatLocalArray(VECTOR_LOCAL);
    int columns = p.get(slot + COLUMNS);
    int chunks = (columns + Chunks.SIZE - 1) / Chunks.SIZE;
    int weight = p.get(slot + W) + row * p.get(slot + ROW_STRIDE);
    int x = p.get(slot + X);
    int scaleBlocks = p.get(slot + SCALE_BLOCKS);
    int scaleChunks = p.get(slot + SCALE_CHUNKS);
    int band = (p.get(slot + FIRST_ROW) + row) / p.get(slot + SCALE_ROWS);
    int scale = p.get(slot + SCALES) + band * scaleBlocks;
    float sum = 0;
    // Neighbouring items read neighbouring values, and share a block's scale.
    for (int chunk = 0; chunk < chunks; chunk++) {
      int column = chunk * Chunks.SIZE + item;
      if (column < columns) {
        float value = Chunks.value(type, bytes, shorts, floats, powers, weight, chunk, item);
        if (scaleBlocks > 0) {
          value *= scales.get(scale + chunk / scaleChunks);
        }
        sum += value * values.get(x + column);
      }
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
      int out = p.get(slot + OUT) + p.get(slot + FIRST_ROW) + row;
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
      FloatArray values,
      ByteArray bytes,
      ShortArray shorts,
      FloatArray floats,
      FloatArray scales,
      FloatArray powers,
      int type,
      int slot) {
    int item = context.localIdx;
    float[] weightTile = context.allocateFloatLocalArray(Chunks.SIZE * TILE_ROWS);
    float[] inputTile = context.allocateFloatLocalArray(TILE_TOKENS * Chunks.SIZE);
    int rows = p.get(slot + ROWS);
    int tokens = p.get(slot + TOKENS);
    int columns = p.get(slot + COLUMNS);
    int chunks = (columns + Chunks.SIZE - 1) / Chunks.SIZE;
    int rowTiles = (rows + TILE_ROWS - 1) / TILE_ROWS;
    int group = context.groupIdx;
    int firstRow = (group % rowTiles) * TILE_ROWS;
    int firstToken = (group / rowTiles) * TILE_TOKENS;
    int tileRow = item % TILE_ROWS;
    int half = item / TILE_ROWS;
    int row = firstRow + tileRow;
    int x = p.get(slot + X);
    int scaleBlocks = p.get(slot + SCALE_BLOCKS);
    int band = (p.get(slot + FIRST_ROW) + row) / p.get(slot + SCALE_ROWS);
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    float s4 = 0;
    float s5 = 0;
    float s6 = 0;
    float s7 = 0;
    for (int chunk = 0; chunk < chunks; chunk++) {
      int left = columns - chunk * Chunks.SIZE;
      // Each item decodes half a chunk of its row, and brings a quarter of a token's inputs.
      float scale = 1;
      if (scaleBlocks > 0 && row < rows) {
        int block = chunk / p.get(slot + SCALE_CHUNKS);
        scale = scales.get(p.get(slot + SCALES) + band * scaleBlocks + block);
      }
      for (int i = 0; i < Chunks.SIZE / 2; i++) {
        int column = half * (Chunks.SIZE / 2) + i;
        float value = 0;
        if (row < rows && column < left) {
          int weight = p.get(slot + W) + row * p.get(slot + ROW_STRIDE);
          value = Chunks.value(type, bytes, shorts, floats, powers, weight, chunk, column) * scale;
        }
        weightTile[column * TILE_ROWS + tileRow] = value;
      }
      int column = item % Chunks.SIZE;
      for (int i = 0; i < TILE_TOKENS / 2; i++) {
        int tileToken = 2 * i + item / Chunks.SIZE;
        int token = firstToken + tileToken;
        float value = 0;
        if (token < tokens && column < left) {
          value = values.get(x + token * columns + chunk * Chunks.SIZE + column);
        }
        inputTile[tileToken * Chunks.SIZE + column] = value;
      }
      context.localBarrier();
      int input = half * TOKENS_PER_ITEM * Chunks.SIZE;
      for (int k = 0; k < Chunks.SIZE; k++) {
        float w = weightTile[k * TILE_ROWS + tileRow];
        s0 += w * inputTile[input + k];
        s1 += w * inputTile[input + Chunks.SIZE + k];
        s2 += w * inputTile[input + 2 * Chunks.SIZE + k];
        s3 += w * inputTile[input + 3 * Chunks.SIZE + k];
        s4 += w * inputTile[input + 4 * Chunks.SIZE + k];
        s5 += w * inputTile[input + 5 * Chunks.SIZE + k];
        s6 += w * inputTile[input + 6 * Chunks.SIZE + k];
        s7 += w * inputTile[input + 7 * Chunks.SIZE + k];
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
      FloatArray values,
      ByteArray bytes,
      ShortArray shorts,
      FloatArray floats,
      FloatArray scales,
      FloatArray powers,
      int type,
      int slot) {
    int columns = p.get(slot + COLUMNS);
    int chunks = (columns + Chunks.SIZE - 1) / Chunks.SIZE;
    int item = context.globalIdx;
    if (item < chunks * p.get(slot + TOKENS)) {
      int token = item / chunks;
      int chunk = item % chunks;
      // Rows of other parts of the weight are looked up by other launches.
      int row = p.get(p.get(slot + IDS) + token) - p.get(slot + FIRST_ROW);
      if (row >= 0 && row < p.get(slot + ROWS)) {
        int left = columns - chunk * Chunks.SIZE;
        int count = left < Chunks.SIZE ? left : Chunks.SIZE;
        int weight = p.get(slot + W) + row * p.get(slot + ROW_STRIDE);
        int out = p.get(slot + OUT) + token * columns + chunk * Chunks.SIZE;
        int scaleBlocks = p.get(slot + SCALE_BLOCKS);
        float scale = 1;
        if (scaleBlocks > 0) {
          int band = (p.get(slot + FIRST_ROW) + row) / p.get(slot + SCALE_ROWS);
          int block = chunk / p.get(slot + SCALE_CHUNKS);
          scale = scales.get(p.get(slot + SCALES) + band * scaleBlocks + block);
        }
        for (int i = 0; i < count; i++) {
          float value = Chunks.value(type, bytes, shorts, floats, powers, weight, chunk, i);
          values.set(out + i, value * scale);
        }
      }
    }
  }
}
