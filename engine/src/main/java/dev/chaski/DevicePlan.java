package dev.chaski;

import dev.chaski.kernels.DeviceSpace;
import dev.chaski.kernels.KvShape;
import dev.chaski.kernels.Tensor;
import dev.chaski.kernels.Weight;
import dev.chaski.model.Activations;
import dev.chaski.model.KvCache;
import dev.chaski.model.LayerWeights;
import dev.chaski.model.LlamaConfig;
import dev.chaski.model.LlamaModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a model and one session take of the memory of a device, which has all of the weights, caches
 * and scratch of its layers, or does not work: planned before anything is copied.
 *
 * @param device where the last layers and the output are computed
 * @param layerBytes weights of each layer that is there, first to last
 * @param modelLayers how many the model has, there or not
 * @param outputBytes output matrix
 * @param embeddingBytes token embedding, which is there with all layers only; 0 if it is the output
 *     matrix
 * @param scratchValues what a pass over a whole prompt chunk writes, and norms
 * @param cache keys and values of a position
 * @param sharedPositions positions of beginnings that sessions share, see {@link
 *     Options#prefixCacheBytes}
 */
public record DevicePlan(
    DeviceSpace device,
    List<Long> layerBytes,
    int modelLayers,
    long outputBytes,
    long embeddingBytes,
    long scratchValues,
    KvShape cache,
    int sharedPositions) {

  /** Copies the list. */
  public DevicePlan {
    layerBytes = List.copyOf(layerBytes);
  }

  /** Plans a model whose output is computed on a device; empty if it is not. */
  static Optional<DevicePlan> of(LlamaModel model, Options options) {
    return model.kernels().deviceSpace().map(device -> of(model, options, device));
  }

  private static DevicePlan of(LlamaModel model, Options options, DeviceSpace device) {
    LlamaConfig config = model.config();
    List<Long> layers = new ArrayList<>();
    long normValues = config.hiddenSize();
    for (int i = 0; i < config.numLayers(); i++) {
      if (model.placement().ofLayer(i, config).equals(model.kernels())) {
        LayerWeights layer = model.weights().layers().get(i);
        layers.add(bytes(device, layer));
        normValues += values(layer.attnNorm()) + values(layer.ffnNorm());
      }
    }
    long passBytes = Activations.byteSize(config, options.prefillBatch());
    return new DevicePlan(
        device,
        layers,
        config.numLayers(),
        device.weightBytes(model.weights().output()),
        model.weights().isTied() || layers.size() < config.numLayers()
            ? 0
            : device.weightBytes(model.weights().tokenEmbedding()),
        passBytes / Float.BYTES + normValues,
        new KvShape(config.numKvHeads(), config.headDim(), options.kvType()),
        Math.toIntExact(
            Math.min(
                options.prefixCacheBytes() / KvCache.bytesPerPosition(config, options.kvType()),
                config.contextLength())));
  }

  private static long bytes(DeviceSpace device, LayerWeights layer) {
    Stream<Weight> weights =
        Stream.of(
            layer.wq(),
            layer.wk(),
            layer.wv(),
            layer.wo(),
            layer.wGate(),
            layer.wUp(),
            layer.wDown());
    return weights.mapToLong(device::weightBytes).sum();
  }

  private static long values(Tensor tensor) {
    return (long) tensor.rows() * tensor.columns();
  }

  /** Layers that are to be there. */
  public int layers() {
    return layerBytes.size();
  }

  /** Weights of the last {@code layers} layers with what belongs to them. */
  private long weightBytes(int layers) {
    long bytes = outputBytes + (layers == modelLayers ? embeddingBytes : 0);
    for (long layer : layerBytes.subList(layers() - layers, layers())) {
      bytes += layer;
    }
    return bytes;
  }

  private long cacheBytes(int layers, int contextLength) {
    int positions = (int) Math.min(Integer.MAX_VALUE, (long) contextLength + sharedPositions);
    return device.cacheBytes(cache, layers, positions);
  }

  /** Scratch, with the rotations of all positions. */
  private long scratchBytes(int contextLength) {
    return device.tensorBytes(scratchValues + device.angleValues(cache.headDim(), contextLength));
  }

  /**
   * Everything that the last layers take.
   *
   * @param layers how many, at most {@link #layers}
   * @param contextLength positions of a session
   */
  public long byteSize(int layers, int contextLength) {
    return weightBytes(layers) + cacheBytes(layers, contextLength) + scratchBytes(contextLength);
  }

  /** Whether all of it fits. */
  public boolean fits(int contextLength) {
    return byteSize(layers(), contextLength) <= device.byteSize();
  }

  /** How many of the layers fit; 0 if not even one does beside the output. */
  public int fittingLayers(int contextLength) {
    int fitting = layers();
    while (fitting > 0 && byteSize(fitting, contextLength) > device.byteSize()) {
      fitting--;
    }
    return fitting;
  }

  /** Why it cannot work, with numbers and what would; empty if it can. */
  public Optional<String> refusal(int contextLength) {
    if (fits(contextLength)) {
      return Optional.empty();
    }
    int fitting = fittingLayers(contextLength);
    String remedy =
        fitting == 0
            ? "not one layer fits beside the output: use kernels of the processor (--kernels"
                + " vector)"
            : "%d of the model's %d layers would fit (--gpu-layers %d), the processor computes the"
                    .formatted(fitting, modelLayers, fitting)
                + " rest";
    return Optional.of(
        "%d layers, the output and a context of %s tokens take %s (weights %s, context %s, scratch"
                .formatted(
                    layers(),
                    MemoryPlan.grouped(contextLength),
                    MemoryPlan.size(byteSize(layers(), contextLength)),
                    MemoryPlan.size(weightBytes(layers())),
                    MemoryPlan.size(cacheBytes(layers(), contextLength)))
            + " %s) of %s, which has %s; %s; or use a shorter context (-c), smaller prompt chunks"
                .formatted(
                    MemoryPlan.size(scratchBytes(contextLength)),
                    device.name(),
                    MemoryPlan.size(device.byteSize()),
                    remedy)
            + " (-b) or a smaller quantisation");
  }
}
