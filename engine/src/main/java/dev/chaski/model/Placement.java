package dev.chaski.model;

import dev.chaski.kernels.Kernels;
import java.util.Objects;

/**
 * Which kernels compute which part of a model: the same all of it, or two of them the lower and the
 * upper layers, as where a device has no room for the whole. Each has its part's weights and
 * caches; only the states of a pass's tokens are copied, once, where the parts meet.
 *
 * <p>The upper part has the output, so that what comes out of it is logits or a token, not states
 * that go back. The lower one has the embedding, unless it has no layers.
 */
public final class Placement {
  private final Kernels lower;
  private final Kernels upper;
  private final int upperLayers;

  private Placement(Kernels lower, Kernels upper, int upperLayers) {
    this.lower = Objects.requireNonNull(lower);
    this.upper = Objects.requireNonNull(upper);
    this.upperLayers = upperLayers;
  }

  /** Everything on {@code kernels}. */
  public static Placement on(Kernels kernels) {
    return new Placement(kernels, kernels, Integer.MAX_VALUE);
  }

  /**
   * The last layers and the output on other kernels than the rest.
   *
   * @param lower of the embedding and the first layers
   * @param upper of the last {@code upperLayers} layers and the output
   * @param upperLayers 0 for everything on {@code lower}; as many as the model has, or more, for
   *     everything on {@code upper}
   */
  public static Placement split(Kernels lower, Kernels upper, int upperLayers) {
    if (upperLayers < 0) {
      throw new IllegalArgumentException(
          "upperLayers is " + upperLayers + ", it must be 0 (none) or more");
    }
    return upperLayers == 0 ? on(lower) : new Placement(lower, upper, upperLayers);
  }

  /** How many layers of a model are not on the upper kernels. */
  int lowerLayers(LlamaConfig config) {
    return Math.max(0, config.numLayers() - upperLayers);
  }

  /** Those of the token embedding. */
  public Kernels ofEmbedding(LlamaConfig config) {
    return lowerLayers(config) > 0 ? lower : upper;
  }

  /** Those of a layer, counted from 0. */
  public Kernels ofLayer(int layer, LlamaConfig config) {
    return layer < lowerLayers(config) ? lower : upper;
  }

  /** Those of the final norm, the output matrix and the logits. */
  public Kernels ofOutput() {
    return upper;
  }

  /** Whether two kernels share the work on a model. */
  boolean isSplit(LlamaConfig config) {
    return lowerLayers(config) > 0;
  }

  /** What a model runs on, for people. */
  String description(LlamaConfig config) {
    int layers = config.numLayers();
    int below = lowerLayers(config);
    return below == 0
        ? upper.description()
        : "%s: %d of %d layers and the output; %s: the rest"
            .formatted(upper.description(), layers - below, layers, lower.description());
  }
}
