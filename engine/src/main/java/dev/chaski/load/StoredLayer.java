package dev.chaski.load;

import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.Tensor;
import dev.chaski.model.LayerWeights;

/**
 * One transformer block as its file stores it; matrices are (output, input).
 *
 * @param attnNorm (hidden)
 * @param wq (numHeads * headDim, hidden)
 * @param wk (numKvHeads * headDim, hidden)
 * @param wv (numKvHeads * headDim, hidden)
 * @param wo (hidden, numHeads * headDim)
 * @param ffnNorm (hidden)
 * @param wGate (intermediate, hidden)
 * @param wUp (intermediate, hidden)
 * @param wDown (hidden, intermediate)
 */
public record StoredLayer(
    float[] attnNorm,
    StoredMatrix wq,
    StoredMatrix wk,
    StoredMatrix wv,
    StoredMatrix wo,
    float[] ffnNorm,
    StoredMatrix wGate,
    StoredMatrix wUp,
    StoredMatrix wDown) {
  LayerWeights connect(Kernels kernels) {
    return new LayerWeights(
        vector(attnNorm, kernels),
        wq.connect(kernels),
        wk.connect(kernels),
        wv.connect(kernels),
        wo.connect(kernels),
        vector(ffnNorm, kernels),
        wGate.connect(kernels),
        wUp.connect(kernels),
        wDown.connect(kernels));
  }

  static Tensor vector(float[] values, Kernels kernels) {
    Tensor tensor = kernels.tensor(1, values.length);
    kernels.write(tensor, 0, values);
    return tensor;
  }
}
