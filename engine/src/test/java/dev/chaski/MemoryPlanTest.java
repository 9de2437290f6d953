package dev.chaski;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.kernels.RopePairing;
import dev.chaski.kernels.TensorType;
import dev.chaski.model.LlamaConfig;
import dev.chaski.model.RopeScaling;
import org.junit.jupiter.api.Test;

/** Machines and models with known numbers. */
class MemoryPlanTest {
  private static final long GIB = 1L << 30;

  /** Llama 3.1 8B: keys and values of a position take 128 KiB in F16. */
  private static final LlamaConfig LLAMA_8B =
      new LlamaConfig(
          4096,
          14336,
          32,
          32,
          8,
          128,
          128_256,
          131_072,
          1e-5f,
          500_000,
          new RopeScaling.None(),
          RopePairing.HALF_SPLIT);

  private static final long FP8_8B = 9_085_000_000L;
  private static final long BF16_8B = 16_060_000_000L;

  private static MemoryPlan plan(long weightBytes, int context, long physicalGib) {
    return plan(weightBytes, context, new MachineMemory(physicalGib * GIB, physicalGib * GIB / 4));
  }

  private static MemoryPlan plan(long weightBytes, int context, MachineMemory machine) {
    Options options = Options.defaults().withContextLength(context);
    return MemoryPlan.of(LLAMA_8B, weightBytes, options, machine);
  }

  @Test
  void cacheIsCountedInBothTypes() {
    assertThat(plan(FP8_8B, 8192, 64).bytesPerPosition()).isEqualTo(128 << 10);
    assertThat(plan(FP8_8B, 8192, 64).cacheBytes()).isEqualTo(GIB);
    Options f32 = Options.defaults().withKvType(TensorType.F32).withContextLength(8192);
    MachineMemory machine = new MachineMemory(64 * GIB, 16 * GIB);
    assertThat(MemoryPlan.of(LLAMA_8B, FP8_8B, f32, machine).cacheBytes()).isEqualTo(2 * GIB);
  }

  @Test
  void scratchOfAPromptChunkIsCounted() {
    // 512 rows, and the one whose logits are wanted, of 2 * (4096 + 4096 + 1024 + 14336) + 128
    // floats; and its 4096 + 128256.
    assertThat(plan(FP8_8B, 0, 64).activationBytes())
        .isEqualTo(4L * (513 * (2 * 23_552 + 128) + 132_352));
  }

  /** 256 MiB are 2048 positions of 128 KiB. */
  @Test
  void whatSessionsShareIsCounted() {
    MachineMemory machine = new MachineMemory(16 * GIB, 4 * GIB);
    Options none = Options.defaults().withPrefixCacheBytes(0);
    MemoryPlan without = MemoryPlan.of(LLAMA_8B, FP8_8B, none, machine);
    MemoryPlan with = MemoryPlan.of(LLAMA_8B, FP8_8B, none.withPrefixCacheBytes(GIB / 4), machine);
    assertThat(with.prefixBytes()).isEqualTo(GIB / 4);
    assertThat(without.fastContext() - with.fastContext()).isEqualTo(2048);
    assertThat(without.longestContext() - with.longestContext()).isEqualTo(2048);
    assertThat(with.contextLength()).isEqualTo(without.contextLength() - 2048);
  }

  @Test
  void wholeContextOfTheModelOnALargeMachine() {
    MemoryPlan plan = plan(FP8_8B, 0, 64);
    assertThat(plan.contextLength()).isEqualTo(131_072);
    assertThat(plan.refusal()).isEmpty();
    assertThat(plan.warning()).isEmpty();
  }

  @Test
  void contextThatWasNotAskedForShrinksToWhatFitsBesideTheWeights() {
    MemoryPlan plan = plan(FP8_8B, 0, 16);
    assertThat(plan.contextLength()).isBetween(50_000, 60_000).isLessThan(plan.fastContext() + 1);
    assertThat(plan.contextLength() % 256).isZero();
    assertThat(plan.weightBytes() + plan.cacheBytes()).isLessThan(16 * GIB);
    assertThat(plan.refusal()).isEmpty();
    assertThat(plan.warning().orElseThrow())
        .isEqualTo(
            "the context is %,d tokens of the model's 131,072, which would take 17.2 GB beside"
                    .formatted(plan.contextLength())
                + " weights of 9.1 GB; this machine has 17.2 GB of memory");
  }

  @Test
  void contextThatFitsOnlyWithoutTheWeightsIsAWarning() {
    MemoryPlan plan = plan(FP8_8B, 100_000, 16);
    assertThat(plan.contextLength()).isEqualTo(100_000);
    assertThat(plan.refusal()).isEmpty();
    assertThat(plan.warning().orElseThrow())
        .contains("9.1 GB", "100,000 tokens", "13.1 GB", "17.2 GB")
        .endsWith("a context of %,d tokens would fit".formatted(plan.fastContext()));
  }

  @Test
  void contextThatDoesNotFitIsRefused() {
    MemoryPlan plan = plan(FP8_8B, 131_072, 16);
    assertThat(plan.refusal().orElseThrow())
        .isEqualTo(
            "a context of 131,072 tokens takes 17.2 GB for keys and values, this machine has"
                + " 17.2 GB of memory; at most %,d tokens fit, and %,d beside the weights (9.1 GB)"
                    .formatted(plan.longestContext(), plan.fastContext()));
    assertThat(plan(FP8_8B, plan.longestContext(), 16).refusal()).isEmpty();
    assertThat(plan(FP8_8B, plan.longestContext() + 1, 16).refusal()).isPresent();
  }

  @Test
  void weightsThatDoNotFitAreOnlyAWarning() {
    MemoryPlan plan = plan(BF16_8B, 4096, 8);
    assertThat(plan.fastContext()).isZero();
    assertThat(plan.refusal()).isEmpty();
    assertThat(plan.warning().orElseThrow())
        .endsWith("a smaller or more quantised model would fit");
    assertThat(plan(BF16_8B, 0, 8).contextLength()).isBetween(50_000, 61_440);
  }

  @Test
  void machineTooSmallForAnyContextIsRefused() {
    assertThat(plan(FP8_8B, 0, new MachineMemory(GIB / 2, GIB)).refusal().orElseThrow())
        .contains("512 tokens", "at most 0 tokens fit, and none beside the weights");
  }

  @Test
  void heapTooSmallForAPromptChunkIsRefused() {
    MachineMemory machine = new MachineMemory(64 * GIB, 100 << 20);
    assertThat(plan(FP8_8B, 4096, machine).refusal().orElseThrow())
        .contains("97 MB", "105 MB", "-Xmx");
  }

  @Test
  void shortContextOfASmallModelIsNeverTooShort() {
    LlamaConfig small =
        new LlamaConfig(
            64,
            128,
            2,
            4,
            2,
            16,
            300,
            64,
            1e-5f,
            1e4,
            new RopeScaling.None(),
            RopePairing.HALF_SPLIT);
    MemoryPlan plan =
        MemoryPlan.of(small, 1 << 20, Options.defaults(), new MachineMemory(GIB, GIB));
    assertThat(plan.contextLength()).isEqualTo(64);
    assertThat(plan.refusal()).isEmpty();
    assertThat(plan.warning()).isEmpty();
  }

  @Test
  void thisMachineHasMemory() {
    MachineMemory machine = MachineMemory.current();
    assertThat(machine.physicalBytes()).isGreaterThan(1 << 26);
    assertThat(machine.heapBytes()).isGreaterThan(1 << 24);
  }
}
