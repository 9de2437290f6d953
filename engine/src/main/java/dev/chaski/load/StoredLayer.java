package dev.chaski.load;

import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.Tensor;
import dev.chaski.model.LayerWeights;

/**
 * One transformer block as its file stores it; matrices as in {@link LayerWeights}.
 *
 * @param attnNorm (hidden)
 * @param ffnNorm (hidden)
 */
record StoredLayer(
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
        wq.weight(kernels),
        wk.weight(kernels),
        wv.weight(kernels),
        wo.weight(kernels),
        vector(ffnNorm, kernels),
        wGate.weight(kernels),
        wUp.weight(kernels),
        wDown.weight(kernels));
  }

  static Tensor vector(float[] values, Kernels kernels) {
    Tensor tensor = kernels.tensor(1, values.length);
    kernels.write(tensor, 0, values);
    return tensor;
  }
}
