package dev.chaski.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs every operation on the same numbers and collects the results, for comparing bit for bit. */
public final class EveryOperation {
  private static final int BATCH = 21;
  private static final int HEADS = 8;
  private static final int KV_HEADS = 2;

  private final RandomBlocks random = new RandomBlocks(ProviderFixture.SEED);
  private final Map<TensorType, MemorySegment> weights = new EnumMap<>(TensorType.class);
  private final int columns;
  private final int headDim;
  private final float[] x; // (BATCH, columns)
  private final float[] y; // (BATCH, columns)

  /**
   * Makes the inputs.
   *
   * @param columns values of a row, a multiple of 256
   * @param minBytes bytes that each weight has at least
   */
  public EveryOperation(Arena arena, int columns, long minBytes) {
    this.columns = columns;
    this.headDim = columns / HEADS;
    x = random.floats(BATCH * columns, 2);
    y = random.floats(BATCH * columns, 2);
    for (TensorType type : TensorType.values()) {
      int rows = (int) Math.max(5, minBytes / type.byteSize(columns) + 3);
      weights.put(type, random.matrix(arena, type, rows, columns));
    }
  }

  /** Results by operation. */
  public Map<String, float[]> run(Kernels kernels) {
    Map<String, float[]> results = new LinkedHashMap<>();
    weights.forEach((type, data) -> products(kernels, type, data, results));

    Tensor xs = Tensors.of(kernels, BATCH, columns, x);
    Tensor normed = kernels.tensor(BATCH, columns);
    kernels.rmsNorm(normed, xs, Tensors.of(kernels, 1, columns, y), 1e-5f);
    results.put("rmsNorm", Tensors.values(kernels, normed));

    Tensor gate = Tensors.of(kernels, BATCH, columns, x);
    kernels.swiGlu(gate, Tensors.of(kernels, BATCH, columns, y));
    results.put("swiGlu", Tensors.values(kernels, gate));

    rotations(kernels, results);
    for (TensorType type : List.of(TensorType.F16, TensorType.F32)) {
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
    results.put("matmul " + type + ", 1 token", Tensors.values(kernels, out));
    kernels.matmulAdd(out, weight, one);
    results.put("matmulAdd " + type + ", 1 token", Tensors.values(kernels, out));
    Tensor five = Tensors.of(kernels, 5, columns, x); // a tile and one
    Tensor batchOut = kernels.tensor(5, rows);
    kernels.matmul(batchOut, weight, five);
    results.put("matmul " + type + ", 5 tokens", Tensors.values(kernels, batchOut));
    kernels.matmulAdd(batchOut, weight, five);
    results.put("matmulAdd " + type + ", 5 tokens", Tensors.values(kernels, batchOut));
    Tensor embedded = kernels.tensor(2, columns);
    kernels.embed(embedded, weight, Tensors.ints(kernels, rows - 1, 0));
    results.put("embed " + type, Tensors.values(kernels, embedded));
  }

  private void rotations(Kernels kernels, Map<String, float[]> results) {
    double[] frequencies = new double[headDim / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = Math.pow(500_000, -2.0 * i / headDim);
    }
    Tensor angles = kernels.tensor(BATCH, headDim);
    int[] positions = new int[BATCH];
    for (int i = 0; i < BATCH; i++) {
      positions[i] = i * 6_007;
    }
    RopeFrequencies rope = new RopeFrequencies(frequencies);
    kernels.ropeAngles(angles, rope, Tensors.ints(kernels, positions));
    results.put("ropeAngles", Tensors.values(kernels, angles));
    for (RopePairing pairing : RopePairing.values()) {
      Tensor turned = Tensors.of(kernels, BATCH, columns, x);
      kernels.rope(turned, angles, pairing);
      results.put("rope " + pairing, Tensors.values(kernels, turned));
    }
  }

  /** Rows are positions {@code 0, 5, 10 …} of one sequence; those between hold zeros. */
  private void attention(Kernels kernels, KvShape shape, Map<String, float[]> results) {
    int[] positions = new int[BATCH];
    for (int i = 0; i < BATCH; i++) {
      positions[i] = 5 * i;
    }
    try (KvSlab slab = kernels.kvSlab(shape)) {
      slab.reserve(5 * BATCH);
      IntTensor at = Tensors.ints(kernels, positions);
      KvRows kv = new KvRows(List.of(slab), Tensors.ints(kernels, new int[BATCH]));
      Tensor k = Tensors.of(kernels, BATCH, shape.columns(), y);
      Tensor v = Tensors.of(kernels, BATCH, shape.columns(), x);
      kernels.storeKv(kv, k, v, at);
      Tensor out = kernels.tensor(BATCH, columns);
      kernels.attention(out, Tensors.of(kernels, BATCH, columns, x), kv, HEADS, at);
      results.put("attention " + shape.type(), Tensors.values(kernels, out));
    }
  }
}
