package dev.chaski.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplerTest {

  private static final SamplingOptions SEEDED = SamplingOptions.builder().seed(42).build();

  /** Distinct values that any platform computes alike. */
  private static float[] logits(int vocabSize) {
    float[] logits = new float[vocabSize];
    for (int i = 0; i < vocabSize; i++) {
      logits[i] = (i * 7_919L % vocabSize) * 8f / vocabSize;
    }
    return logits;
  }

  private static int[] draw(Sampler sampler, float[] logits, int count) {
    return IntStream.range(0, count).map(_ -> sampler.sample(logits, 0, logits.length)).toArray();
  }

  /** The tokens come from the same algorithm written in Python, with numbers of any length. */
  @Test
  void aSeedGivesTheseTokensEverywhere() {
    float[] logits = logits(1_000);
    assertThat(draw(Sampler.create(SEEDED), logits, 8))
        .containsExactly(778, 210, 309, 346, 62, 889, 247, 852);
    SamplingOptions nucleus = SEEDED.toBuilder().topK(0).topP(0.9f).temperature(1.2f).build();
    assertThat(draw(Sampler.create(nucleus), logits, 8))
        .containsExactly(741, 163, 284, 38, 867, 223, 804, 335);
  }

  @Test
  void theSeedChosenCanBeReadAndRepeatsTheRun() {
    float[] logits = logits(500);
    Sampler first = Sampler.create(SamplingOptions.defaults());
    SamplingOptions again = SamplingOptions.builder().seed(first.seed()).build();
    Sampler second = Sampler.create(again);
    assertThat(second.seed()).isEqualTo(first.seed());
    assertThat(draw(second, logits, 200)).isEqualTo(draw(first, logits, 200));
    assertThat(Sampler.create(SEEDED).seed()).isEqualTo(42);
  }

  @Test
  void differentSeedsDiffer() {
    float[] logits = logits(500);
    int[] first = draw(Sampler.create(SEEDED), logits, 100);
    int[] second = draw(Sampler.create(SEEDED.toBuilder().seed(43).build()), logits, 100);
    assertThat(first).isNotEqualTo(second);
  }

  @Test
  void resetStartsAgain() {
    float[] logits = logits(300);
    Sampler sampler =
        Sampler.create(SEEDED.toBuilder().repetitionPenalty(1.5f).temperature(1.5f).build());
    int[] first = new int[100];
    int[] second = new int[100];
    for (int[] run : new int[][] {first, second}) {
      for (int i = 0; i < run.length; i++) {
        run[i] = sampler.sample(logits, 0, logits.length);
        sampler.accept(run[i]);
      }
      sampler.reset();
    }
    assertThat(second).isEqualTo(first);
  }

  @Test
  void greedyTakesTheLargestAndOfEqualOnesTheLowest() {
    Sampler sampler = Sampler.create(SamplingOptions.greedy());
    assertThat(sampler.sample(new float[] {1, 3, 2, 3}, 0, 4)).isEqualTo(1);
    assertThat(sampler.sample(new float[] {-0f, 0f}, 0, 2)).isZero();
    assertThat(sampler.sample(new float[] {0f, -0f}, 0, 2)).isZero();
    float infinity = Float.POSITIVE_INFINITY;
    assertThat(sampler.sample(new float[] {Float.MAX_VALUE, infinity, infinity}, 0, 3))
        .isEqualTo(1);
    Random random = new Random(4);
    for (int round = 0; round < 500; round++) {
      float[] logits = new float[1 + random.nextInt(5_000)];
      for (int i = 0; i < logits.length; i++) {
        logits[i] = Math.round(random.nextGaussian() * 1_000) / 100f;
      }
      assertThat(sampler.sample(logits, 0, logits.length))
          .as("round %d", round)
          .isEqualTo(ReferenceDistribution.ranked(logits)[0]);
    }
  }

  @Test
  void readsTheRowAtItsOffsetAndLeavesItAlone() {
    float[] row = logits(2_000);
    float[] logits = new float[6_000];
    Arrays.fill(logits, Float.NaN);
    System.arraycopy(row, 0, logits, 1_501, row.length);
    float[] before = logits.clone();
    for (SamplingOptions options :
        new SamplingOptions[] {
          SEEDED,
          SEEDED.toBuilder().temperature(0).build(),
          SEEDED.toBuilder().topK(0).frequencyPenalty(2).logitBias(Map.of(7, 3f)).build(),
        }) {
      Sampler atOffset = Sampler.create(options);
      Sampler atZero = Sampler.create(options);
      for (int i = 0; i < 50; i++) {
        int token = atOffset.sample(logits, 1_501, 2_000);
        assertThat(token).isEqualTo(atZero.sample(row, 0, 2_000));
        atOffset.accept(token);
        atZero.accept(token);
      }
    }
    assertThat(logits).isEqualTo(before);
    assertThat(row).isEqualTo(logits(2_000));
  }

  @Test
  void allocatesNothingOnceWarm() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long self = Thread.currentThread().threadId();
    float[] logits = logits(5_000);
    for (SamplingOptions options :
        new SamplingOptions[] {
          SamplingOptions.greedy(),
          SEEDED,
          SEEDED.toBuilder().topK(0).topP(0.7f).minP(0.01f).build(),
          SEEDED.toBuilder().repetitionPenalty(1.1f).logitBias(Map.of(3, 2f)).build(),
        }) {
      Sampler sampler = Sampler.create(options);
      long before = 0;
      for (int i = 0; i < 400; i++) {
        if (i == 200) {
          before = threads.getThreadAllocatedBytes(self);
        }
        sampler.accept(sampler.sample(logits, 0, logits.length));
      }
      long bytes = threads.getThreadAllocatedBytes(self) - before;
      // Less than one small object per call; the measurement itself takes a few.
      assertThat(bytes).as("bytes in 200 calls, %s", options).isLessThan(200 * 16);
    }
  }

  @Test
  void theSameSamplerTakesRowsOfAnyLength() {
    Sampler sampler = Sampler.create(SEEDED);
    for (int vocabSize : new int[] {5_000, 3, 1_024, 1, 1_025, 20_000}) {
      for (int token : draw(sampler, logits(vocabSize), 20)) {
        assertThat(token).isBetween(0, vocabSize - 1);
      }
    }
  }

  @Test
  void aVocabularyOfOne() {
    for (SamplingOptions options :
        new SamplingOptions[] {
          SamplingOptions.greedy(), SamplingOptions.defaults(), SamplingOptions.unfiltered(),
        }) {
      assertThat(Sampler.create(options).sample(new float[] {-7}, 0, 1)).isZero();
    }
  }

  @Test
  void aLoneTokenIsDrawnWhateverItsLogit() {
    float no = Float.NEGATIVE_INFINITY;
    for (float logit : new float[] {-Float.MAX_VALUE, Float.MAX_VALUE, 0, Float.MIN_VALUE}) {
      for (SamplingOptions options :
          new SamplingOptions[] {
            SamplingOptions.greedy(),
            SamplingOptions.defaults(),
            SamplingOptions.unfiltered(),
            SamplingOptions.unfiltered().toBuilder().topP(0.5f).build(),
            SamplingOptions.unfiltered().toBuilder().topK(2).build(),
          }) {
        assertThat(Sampler.create(options).sample(new float[] {no, no, logit, no}, 0, 4))
            .isEqualTo(2);
      }
    }
  }

  @Test
  void temperaturesAtTheEndsOfTheRange() {
    float[] logits = {1, 1.001f, -5};
    SamplingOptions.Builder options = SamplingOptions.unfiltered().toBuilder().seed(1);
    for (float tiny : new float[] {Float.MIN_VALUE, 1e-30f, 1e-5f}) {
      assertThat(draw(Sampler.create(options.temperature(tiny).build()), logits, 100))
          .containsOnly(1);
    }
    assertThat(draw(Sampler.create(options.temperature(Float.MAX_VALUE).build()), logits, 200))
        .containsOnly(0, 1, 2);
  }

  @Test
  void extremeLogitsDoNotOverflow() {
    float[] logits = {-Float.MAX_VALUE, Float.MAX_VALUE, 0, Float.MAX_VALUE};
    for (SamplingOptions options :
        new SamplingOptions[] {SEEDED, SamplingOptions.unfiltered().toBuilder().seed(9).build()}) {
      assertThat(draw(Sampler.create(options), logits, 100)).containsOnly(1, 3);
    }
  }

  @Test
  void nanIsRefusedAndNamed() {
    float negativeNaN = Float.intBitsToFloat(0xffc00000);
    for (float nan : new float[] {Float.NaN, negativeNaN}) {
      float[] logits = logits(3_000);
      logits[2_100] = nan;
      for (SamplingOptions options :
          new SamplingOptions[] {SamplingOptions.greedy(), SamplingOptions.defaults()}) {
        Sampler sampler = Sampler.create(options);
        assertThatThrownBy(() -> sampler.sample(logits, 0, 3_000))
            .isInstanceOfSatisfying(
                UnusableLogitsException.class,
                e -> assertThat(e.reason()).isEqualTo(UnusableLogitsException.Reason.NOT_A_NUMBER))
            .hasMessageContaining("token 2100 ")
            .hasMessageContaining("3000");
        logits[2_100] = 0;
        assertThat(sampler.sample(logits, 0, 3_000)).isBetween(0, 2_999);
        logits[2_100] = nan;
      }
    }
  }

  @Test
  void aRowWithNothingLeftIsRefused() {
    float[] logits = new float[5];
    Arrays.fill(logits, Float.NEGATIVE_INFINITY);
    for (SamplingOptions options :
        new SamplingOptions[] {SamplingOptions.greedy(), SamplingOptions.defaults()}) {
      assertThatThrownBy(() -> Sampler.create(options).sample(logits, 0, 5))
          .isInstanceOfSatisfying(
              UnusableLogitsException.class,
              e -> assertThat(e.reason()).isEqualTo(UnusableLogitsException.Reason.NO_TOKEN_LEFT))
          .hasMessageContaining("all 5 logits");
    }
  }

  @Test
  void badArgumentsAreRefused() {
    Sampler sampler = Sampler.create(SamplingOptions.defaults());
    float[] logits = new float[10];
    assertThatIllegalArgumentException()
        .isThrownBy(() -> sampler.sample(logits, 0, 0))
        .withMessageContaining("vocabSize is 0");
    assertThatThrownBy(() -> sampler.sample(logits, 5, 6))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> sampler.sample(logits, -1, 6))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> sampler.accept(-1))
        .withMessageContaining("token is -1");
    assertThatIllegalArgumentException().isThrownBy(() -> sampler.acceptPrompt(3, -2));
  }

  @Test
  void tokensOutsideTheVocabularyAreRefused() {
    SamplingOptions biased = SamplingOptions.builder().logitBias(Map.of(10, 1f)).build();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Sampler.create(biased).sample(new float[10], 0, 10))
        .withMessageContaining("token 10")
        .withMessageContaining("0 to 9");
    Sampler penalised = Sampler.create(SamplingOptions.builder().presencePenalty(1).build());
    penalised.accept(11);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> penalised.sample(new float[10], 0, 10))
        .withMessageContaining("token 11");
  }
}
