package dev.chaski.load;

import dev.chaski.kernels.WarmUp;
import java.util.List;

/** Hears of a model's matrices before the rest of it has been read. */
@FunctionalInterface
public interface WeightsListener {
  /** Does not want to know. */
  WeightsListener NONE = _ -> {};

  /**
   * The matrices are found and their shapes are right.
   *
   * @param matrices those that can be multiplied without scales of their own; valid until the model
   *     is closed, or opening it fails
   */
  void onWeights(List<WarmUp.Rows> matrices);
}
