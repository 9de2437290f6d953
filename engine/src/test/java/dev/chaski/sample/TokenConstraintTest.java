package dev.chaski.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TokenConstraintTest {

  private static final float[] LOGITS = {9, 1, 2, 3, 4, 5, 6, 7, 8, 0};

  /** Tokens may only rise, by one at most: a small grammar with a state. */
  private static final class Counting implements TokenConstraint {
    private int last = -1;

    @Override
    public boolean mask(long[] allowed) {
      BitSet next = new BitSet();
      next.set(Math.max(last, 0), last + 2);
      long[] bits = next.toLongArray();
      for (int word = 0; word < allowed.length; word++) {
        allowed[word] &= word < bits.length ? bits[word] : 0;
      }
      return true;
    }

    @Override
    public void accept(int token) {
      if (token != last && token != last + 1) {
        throw new IllegalArgumentException("token %d after %d".formatted(token, last));
      }
      last = token;
    }

    @Override
    public void reset() {
      last = -1;
    }
  }

  /** Always the same set. */
  private record Fixed(long... bits) implements TokenConstraint {
    @Override
    public boolean mask(long[] allowed) {
      System.arraycopy(bits, 0, allowed, 0, allowed.length);
      return true;
    }

    @Override
    public void accept(int token) {}

    @Override
    public void reset() {}
  }

  @Test
  void generationKeepsToTheGrammar() {
    for (SamplingOptions options :
        new SamplingOptions[] {
          SamplingOptions.greedy(),
          SamplingOptions.defaults(),
          SamplingOptions.builder().topK(2).topP(0.3f).minP(0.5f).build(),
          SamplingOptions.builder().topK(0).temperature(5).repetitionPenalty(3).build(),
        }) {
      Sampler sampler = Sampler.create(options, new Counting());
      sampler.acceptPrompt(7, 3, 9); // not the constraint's business
      for (int run = 0; run < 2; run++) {
        int last = -1;
        for (int i = 0; i < 9; i++) {
          int token = sampler.sample(LOGITS, 0, LOGITS.length);
          assertThat(token).isBetween(Math.max(last, 0), last + 1);
          sampler.accept(token);
          last = token;
        }
        sampler.reset();
      }
    }
  }

  @Test
  void itsOwnRefusalReachesTheCaller() {
    Sampler sampler = Sampler.create(SamplingOptions.greedy(), new Counting());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> sampler.accept(5))
        .withMessage("token 5 after -1");
  }

  @Test
  void anyMaskAnyLength() {
    Random random = new Random(31);
    for (int vocabSize : new int[] {1, 63, 64, 65, 127, 128, 129, 1_000, 4_097}) {
      for (int round = 0; round < 40; round++) {
        long[] bits = new long[(vocabSize + 63) / 64];
        for (int word = 0; word < bits.length; word++) {
          bits[word] = random.nextInt(3) == 0 ? random.nextLong() : random.nextInt(2) - 1L;
        }
        float[] logits = new float[vocabSize];
        for (int i = 0; i < vocabSize; i++) {
          logits[i] = random.nextFloat();
        }
        bits[0] |= 1;
        LogitAdjuster adjuster =
            new LogitAdjuster(SamplingOptions.defaults(), new Fixed(bits.clone()));
        float[] masked = adjuster.adjust(logits, 0, vocabSize);
        for (int i = 0; i < vocabSize; i++) {
          boolean allowed = (bits[i / 64] >>> (i % 64) & 1) == 1;
          assertThat(masked[i])
              .as("token %d of %d", i, vocabSize)
              .isEqualTo(allowed ? logits[i] : Float.NEGATIVE_INFINITY);
        }
      }
    }
  }

  @Test
  void biasCannotLiftTheConstraint() {
    Map<Integer, Float> bias = Map.of(0, Float.POSITIVE_INFINITY, 1, 1_000f);
    for (float temperature : new float[] {0, 1}) {
      SamplingOptions options =
          SamplingOptions.builder().temperature(temperature).logitBias(bias).build();
      assertThat(Sampler.create(options, new Fixed(0b1000)).sample(LOGITS, 0, 10)).isEqualTo(3);
    }
  }

  @Test
  void noTokenAllowedIsAnError() {
    Sampler sampler = Sampler.create(SamplingOptions.defaults(), new Fixed(0));
    assertThatThrownBy(() -> sampler.sample(LOGITS, 0, 10))
        .isInstanceOf(UnusableLogitsException.class)
        .hasMessageContaining("constraint");
  }

  @Test
  void allBitsAreSetOnEntryAndFalseMeansUntouched() {
    int[] words = new int[2];
    TokenConstraint idle =
        new TokenConstraint() {
          @Override
          public boolean mask(long[] allowed) {
            words[0] = allowed.length;
            words[1] = (int) Arrays.stream(allowed).filter(word -> word == -1).count();
            allowed[0] = 0; // of no effect
            return false;
          }

          @Override
          public void accept(int token) {}

          @Override
          public void reset() {}
        };
    Sampler sampler = Sampler.create(SamplingOptions.greedy(), idle);
    for (int round = 0; round < 2; round++) {
      assertThat(sampler.sample(new float[130], 0, 130)).isZero();
      assertThat(words).containsExactly(3, 3);
    }
  }
}
