package dev.chaski;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.kernels.DeviceSpace;
import dev.chaski.kernels.KvShape;
import dev.chaski.kernels.RopePairing;
import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.Weight;
import dev.chaski.model.LlamaConfig;
import dev.chaski.model.RopeScaling;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A model of round numbers: layers of 100 MB, an output of 400 MB, scratch of 50 MB. */
class DevicePlanTest {
  private static final long MB = 1_000_000;
  private static final int LAYERS = 16;

  /** Keys and values of a position: 1 KB a layer. */
  private static final KvShape CACHE = new KvShape(2, 125, TensorType.F16);

  /** A device where things take what they are, and rotations of each position some values. */
  private record Device(String name, long byteSize, int angleValues) implements DeviceSpace {
    Device(String name, long byteSize) {
      this(name, byteSize, 0);
    }

    @Override
    public long weightBytes(Weight weight) {
      return weight.type().byteSize((long) weight.rows() * weight.columns());
    }

    @Override
    public long tensorBytes(long values) {
      return Float.BYTES * values;
    }

    @Override
    public long angleValues(int headDim, int positions) {
      return (long) angleValues * positions;
    }

    @Override
    public long cacheBytes(KvShape shape, int slabs, int positions) {
      return (long) slabs * positions * shape.bytesPerPosition();
    }
  }

  private static DevicePlan plan(long megabytes, int layers, long embeddingBytes) {
    return new DevicePlan(
        new Device("a small card", megabytes * MB),
        Collections.nCopies(layers, 100 * MB),
        LAYERS,
        400 * MB,
        embeddingBytes,
        50 * MB / Float.BYTES,
        CACHE,
        0);
  }

  @Test
  void everythingIsCounted() {
    DevicePlan whole = plan(10_000, LAYERS, 300 * MB);
    // Layers, output, embedding, scratch, and 16 layers of 1000 positions of 1 KB.
    assertThat(whole.byteSize(LAYERS, 1000)).isEqualTo((1600 + 400 + 300 + 50 + 16) * MB);
    assertThat(whole.byteSize(15, 1000))
        .as("the embedding is there with all layers only")
        .isEqualTo((1500 + 400 + 50 + 15) * MB);
    assertThat(plan(10_000, 3, 0).byteSize(3, 1000)).isEqualTo((300 + 400 + 50 + 3) * MB);
  }

  @Test
  void whatSessionsShareIsCounted() {
    DevicePlan plan =
        new DevicePlan(
            new Device("a card", 1), List.of(MB), LAYERS, MB, 0, MB / Float.BYTES, CACHE, 500);
    assertThat(plan.byteSize(1, 1000)).isEqualTo(3 * MB + 1_500_000);
  }

  @Test
  void rotationsOfTheWholeContextAreCounted() {
    DevicePlan plan =
        new DevicePlan(new Device("a card", 1, 250), List.of(), LAYERS, MB, 0, 0, CACHE, 500);
    assertThat(plan.byteSize(0, 1000)).isEqualTo(MB + 1000 * 1000);
  }

  @Test
  void aPlanThatFitsToTheByteIsAccepted() {
    assertThat(plan(2066, LAYERS, 0).refusal(1000)).isEmpty();
    assertThat(plan(2065, LAYERS, 0).refusal(1000)).isPresent();
  }

  @Test
  void aRefusalSaysHowManyLayersWouldFit() {
    DevicePlan plan = plan(1500, LAYERS, 0);
    assertThat(plan.fittingLayers(1000)).isEqualTo(10); // 450 and ten times 101
    assertThat(plan.refusal(1000))
        .contains(
            "16 layers, the output and a context of 1,000 tokens take 2.1 GB (weights 2.0 GB,"
                + " context 16 MB, scratch 50 MB) of a small card, which has 1.5 GB; 10 of the"
                + " model's 16 layers would fit (--gpu-layers 10), the processor computes the"
                + " rest; or use a shorter context (-c), smaller prompt chunks (-b) or a smaller"
                + " quantisation");
    assertThat(plan(1500, 10, 0).refusal(1000)).isEmpty();
  }

  @Test
  void aDeviceThatIsTooSmallForOneLayerIsNotAdvised() {
    DevicePlan plan = plan(500, LAYERS, 0);
    assertThat(plan.fittingLayers(1000)).isZero();
    assertThat(plan.refusal(1000).orElseThrow())
        .contains("not one layer fits beside the output: use kernels of the processor")
        .doesNotContain("--gpu-layers");
  }

  /** The machine has room for all of the model's context, the device for 9,000 positions. */
  @Test
  void aContextThatNobodyAskedForIsAsLongAsTheDeviceAllows() {
    MemoryPlan plan = withDevice(0, plan(2050 + 144, LAYERS, 0));
    assertThat(plan.contextLength()).isEqualTo(9000 / 256 * 256);
    assertThat(plan.refusal()).isEmpty();
    assertThat(plan.warning().orElseThrow())
        .startsWith("the context is 8,960 tokens of the model's 131,072: more does not fit a small")
        .endsWith("beside 16 layers; less of them would leave room (--gpu-layers)");
  }

  @Test
  void aContextThatWasAskedForIsNotCut() {
    MemoryPlan plan = withDevice(10_000, plan(2050 + 144, LAYERS, 0));
    assertThat(plan.contextLength()).isEqualTo(10_000);
    assertThat(plan.refusal().orElseThrow()).contains("15 of the model's 16 layers would fit");
  }

  @Test
  void weightsThatDoNotFitAreRefusedWithAnyContext() {
    MemoryPlan plan = withDevice(0, plan(1000, LAYERS, 0));
    assertThat(plan.contextLength()).isEqualTo(512);
    assertThat(plan.refusal().orElseThrow()).contains("(--gpu-layers 5)");
  }

  private static MemoryPlan withDevice(int context, DevicePlan plan) {
    LlamaConfig config =
        new LlamaConfig(
            500,
            1000,
            LAYERS,
            4,
            2,
            126,
            1000,
            131_072,
            1e-5f,
            500_000,
            new RopeScaling.None(),
            RopePairing.HALF_SPLIT);
    Options options = Options.defaults().withContextLength(context);
    return MemoryPlan.of(config, 2000 * MB, options, new MachineMemory(1L << 40, 1L << 38))
        .with(Optional.of(plan));
  }
}
