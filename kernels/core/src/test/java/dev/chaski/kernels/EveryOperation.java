package dev.chaski.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs every operation on the same numbers and collects the results, for comparing bit for bit. */
public final class EveryOperation {
  private static final int TOKENS = 5; // of a product: a tile of four and one
  private static final int HEADS = 8;
  private static final int KV_HEADS = 2;

  private final RandomBlocks random = new RandomBlocks(ProviderFixture.SEED);
  private final Map<TensorType, MemorySegment> weights = new EnumMap<>(TensorType.class);
  private final int batch;
  private final int columns;
  private final int headDim;
  private final float[] x; // (batch or more, columns)
  private final float[] y; // (batch, columns)

  /**
   * Makes the inputs.
   *
   * @param batch rows of everything but products
   * @param columns values of a row, a multiple of 256
   * @param minBytes bytes that each weight has at least
   */
  public EveryOperation(Arena arena, int batch, int columns, long minBytes) {
    this.batch = batch;
    this.columns = columns;
    this.headDim = columns / HEADS;
    x = random.floats(Math.max(TOKENS, batch) * columns, 2);
    y = random.floats(batch * columns, 2);
    for (TensorType type : TensorType.values()) {
      int rows = (int) Math.max(5, minBytes / type.byteSize(columns) + 3);
      weights.put(type, random.matrix(arena, type, rows, columns));
    }
  }

  /** Results by operation. */
  public Map<String, float[]> run(Kernels kernels) {
    Map<String, float[]> results = new LinkedHashMap<>();
    weights.forEach((type, data) -> products(kernels, type, data, results));

    Tensor xs = Tensors.of(kernels, batch, columns, x);
    Tensor normed = kernels.tensor(batch, columns);
    kernels.rmsNorm(normed, xs, Tensors.of(kernels, 1, columns, y), 1e-5f);
    results.put("rmsNorm", Tensors.values(kernels, normed));

    Tensor gate = Tensors.of(kernels, batch, columns, x);
    kernels.swiGlu(gate, Tensors.of(kernels, batch, columns, y));
    results.put("swiGlu", Tensors.values(kernels, gate));

    rotations(kernels, results);
    for (TensorType type : List.of(TensorType.F16, TensorType.F32, TensorType.Q8_0)) {
      attention(kernels, new KvShape(KV_HEADS, headDim, type), results);
    }
    return results;
  }

  private void products(
      Kernels kernels, TensorType type, MemorySegment data, Map<String, float[]> results) {
    int rows = (int) (data.byteSize() / type.byteSize(columns));
    Weight weight = kernels.weight(type, rows, columns, data);
    Tensor one = Tensors.of(kernels, 1, columns, x);
    Tensor out = kernels.tensor(1, rows);
    kernels.matmul(out, weight, one);
    results.put("matmul " + type, Tensors.values(kernels, out));
    Tensor several = Tensors.of(kernels, TOKENS, columns, x);
    Tensor severalOut = Tensors.of(kernels, TOKENS, rows, new float[TOKENS * rows]);
    kernels.matmulAdd(severalOut, weight, several);
    results.put("matmulAdd " + type, Tensors.values(kernels, severalOut));
    Tensor embedded = kernels.tensor(2, columns);
    kernels.embed(embedded, weight, Tensors.ints(kernels, rows - 1, 0));
    results.put("embed " + type, Tensors.values(kernels, embedded));
  }

  private void rotations(Kernels kernels, Map<String, float[]> results) {
    double[] frequencies = new double[headDim / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = Math.pow(500_000, -2.0 * i / headDim);
    }
    Tensor angles = kernels.tensor(batch, headDim);
    int[] positions = new int[batch];
    for (int i = 0; i < batch; i++) {
      positions[i] = i * 6_007;
    }
    RopeFrequencies rope = new RopeFrequencies(frequencies);
    kernels.ropeAngles(angles, rope, Tensors.ints(kernels, positions));
    results.put("ropeAngles", Tensors.values(kernels, angles));
    for (RopePairing pairing : RopePairing.values()) {
      Tensor turned = Tensors.of(kernels, batch, columns, x);
      kernels.rope(turned, angles, pairing);
      results.put("rope " + pairing, Tensors.values(kernels, turned));
    }
  }

  /** Rows are spread over the positions of one sequence; those between them hold zeros. */
  private void attention(Kernels kernels, KvShape shape, Map<String, float[]> results) {
    int positionsPerRow = 130 / batch; // two blocks of a cache, and some
    int[] positions = new int[batch];
    for (int i = 0; i < batch; i++) {
      positions[i] = (i + 1) * positionsPerRow - 1;
    }
    try (KvSlab slab = kernels.kvSlab(shape)) {
      slab.reserve(batch * positionsPerRow);
      IntTensor at = Tensors.ints(kernels, positions);
      KvRows kv = new KvRows(List.of(slab), Tensors.ints(kernels, new int[batch]));
      Tensor k = Tensors.of(kernels, batch, shape.columns(), y);
      Tensor v = Tensors.of(kernels, batch, shape.columns(), x);
      kernels.storeKv(kv, k, v, at);
      Tensor out = kernels.tensor(batch, columns);
      kernels.attention(out, Tensors.of(kernels, batch, columns, x), kv, HEADS, at);
      results.put("attention " + shape.type(), Tensors.values(kernels, out));
    }
  }
}
