package dev.chaski;

import dev.chaski.kernels.TensorType;
import dev.chaski.model.Activations;
import dev.chaski.model.KvCache;
import dev.chaski.model.LlamaConfig;
import java.util.Locale;
import java.util.Optional;

/**
 * What a model and one session take of a machine's memory, and how long a context can be. Weights
 * are mapped files: what does not fit is read again when it is needed, which is slow but works. The
 * cache of keys and values has to fit.
 *
 * @param machine the memory there is
 * @param weightBytes size of the model's files
 * @param bytesPerPosition what the cache takes for each position
 * @param activationBytes scratch of a pass over a whole prompt chunk, on the heap
 * @param prefixBytes what the beginnings that sessions share may take, see {@link
 *     Options#prefixCacheBytes}
 * @param modelContext positions that the model was made for
 * @param askedContext positions that were asked for, 0 for as many as make sense
 * @param device what goes to a device's memory, if the model has layers there; that is counted as
 *     the machine's too, as a copy of it may be kept here
 */
public record MemoryPlan(
    MachineMemory machine,
    long weightBytes,
    long bytesPerPosition,
    long activationBytes,
    long prefixBytes,
    int modelContext,
    int askedContext,
    Optional<DevicePlan> device) {

  /** Left to the system and to the rest of the JVM. */
  private static final long RESERVED_BYTES = 512L << 20;

  /** A context of which less is not worth starting with, unless the model's own is shorter. */
  private static final int SHORTEST_USEFUL = 512;

  /** Contexts that we choose are multiples of it. */
  private static final int STEP = 256;

  /** Plans a session with these options. */
  static MemoryPlan of(
      LlamaConfig config, long weightBytes, Options options, MachineMemory machine) {
    TensorType kvType = options.kvType();
    return new MemoryPlan(
        machine,
        weightBytes,
        KvCache.bytesPerPosition(config, kvType),
        Activations.byteSize(config, options.prefillBatch()),
        options.prefixCacheBytes(),
        config.contextLength(),
        options.contextLength(),
        Optional.empty());
  }

  /** The same with layers on a device. */
  MemoryPlan with(Optional<DevicePlan> newDevice) {
    return new MemoryPlan(
        machine,
        weightBytes,
        bytesPerPosition,
        activationBytes,
        prefixBytes,
        modelContext,
        askedContext,
        newDevice);
  }

  /** Positions of a session: those asked for, or else the model's, as far as they fit. */
  public int contextLength() {
    return askedContext > 0 ? askedContext : onDevice(Math.min(modelContext, chosenContext()));
  }

  /** What the cache of a session takes when it is full. */
  public long cacheBytes() {
    return bytesPerPosition * contextLength();
  }

  /** The longest context whose cache fits, with weights read from disk again and again. */
  public int longestContext() {
    return positions(machine.physicalBytes() - otherBytes());
  }

  /** The longest context whose cache fits beside the weights; 0 if they are too large alone. */
  public int fastContext() {
    return positions(machine.physicalBytes() - otherBytes() - weightBytes);
  }

  /** What has to fit beside weights and cache. */
  private long otherBytes() {
    return RESERVED_BYTES + activationBytes + prefixBytes;
  }

  private int positions(long bytes) {
    return Math.clamp(bytes / bytesPerPosition, 0, Integer.MAX_VALUE);
  }

  private int chosenContext() {
    int fast = fastContext();
    int fitting = fast >= Math.min(SHORTEST_USEFUL, modelContext) ? fast : longestContext();
    return fitting < STEP ? fitting : fitting / STEP * STEP;
  }

  /** As much of a context as fits the device too; all of it if next to nothing does. */
  private int onDevice(int context) {
    if (device.isEmpty() || device.get().fits(context)) {
      return context;
    }
    int fitting = 0;
    int tooMany = context / STEP + 1;
    while (tooMany - fitting > 1) {
      int middle = (fitting + tooMany) >>> 1;
      if (device.get().fits(middle * STEP)) {
        fitting = middle;
      } else {
        tooMany = middle;
      }
    }
    int longest = fitting * STEP;
    return longest >= SHORTEST_USEFUL ? longest : Math.min(context, SHORTEST_USEFUL);
  }

  /**
   * Why a session cannot work on the machine, with numbers and what would work; empty if it can.
   */
  public Optional<String> refusal() {
    if (activationBytes > machine.heapBytes() / 4 * 3) {
      return Optional.of(
          "the scratch of a prompt chunk takes %s, the heap may have %s; use smaller chunks or a"
                  .formatted(size(activationBytes), size(machine.heapBytes()))
              + " larger heap (-Xmx)");
    }
    int longest = longestContext();
    if (contextLength() > longest || longest < Math.min(SHORTEST_USEFUL, modelContext)) {
      int needed = Math.max(contextLength(), Math.min(SHORTEST_USEFUL, modelContext));
      return Optional.of(
          "a context of %s tokens takes %s for keys and values, this machine has %s of memory; %s"
              .formatted(grouped(needed), size(bytesPerPosition * needed), machineSize(), fits()));
    }
    return device.flatMap(plan -> plan.refusal(contextLength()));
  }

  /** What somebody should know who starts such a session all the same; empty if all is well. */
  public Optional<String> warning() {
    if (contextLength() > fastContext()) {
      return Optional.of(
          "the weights (%s) and a context of %s tokens (%s) are more than this machine's %s of"
                  .formatted(
                      size(weightBytes),
                      grouped(contextLength()),
                      size(cacheBytes()),
                      machineSize())
              + " memory: weights will be read from disk again and again, slowly; "
              + advice());
    }
    if (askedContext == 0 && contextLength() < Math.min(modelContext, chosenContext())) {
      return device.map(plan ->
          "the context is %s tokens of the model's %s: more does not fit %s, which has %s, beside"
                  .formatted(
                      grouped(contextLength()),
                      grouped(modelContext),
                      plan.device().name(),
                      size(plan.device().byteSize()))
              + " %d layers; less of them would leave room (--gpu-layers)"
                  .formatted(plan.layers()));
    }
    if (askedContext == 0 && contextLength() < modelContext) {
      return Optional.of(
          "the context is %s tokens of the model's %s, which would take %s beside weights of %s;"
                  .formatted(
                      grouped(contextLength()),
                      grouped(modelContext),
                      size(bytesPerPosition * modelContext),
                      size(weightBytes))
              + " this machine has %s of memory".formatted(machineSize()));
    }
    return Optional.empty();
  }

  /** What a refused session could have. */
  private String fits() {
    int fast = fastContext();
    return fast > 0
        ? "at most %s tokens fit, and %s beside the weights (%s)"
            .formatted(grouped(longestContext()), grouped(fast), size(weightBytes))
        : "at most %s tokens fit, and none beside the weights (%s)"
            .formatted(grouped(longestContext()), size(weightBytes));
  }

  private String advice() {
    int fast = fastContext();
    return fast >= SHORTEST_USEFUL
        ? "a context of " + grouped(fast) + " tokens would fit"
        : "a smaller or more quantised model would fit";
  }

  private String machineSize() {
    return size(machine.physicalBytes());
  }

  /** A number of tokens as people read it. */
  static String grouped(int tokens) {
    return String.format(Locale.ROOT, "%,d", tokens);
  }

  /** A number of bytes as people read it. */
  static String size(long bytes) {
    return bytes < 1_000_000_000
        ? String.format(Locale.ROOT, "%.0f MB", bytes / 1e6)
        : String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
  }
}
