package dev.chaski.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogProbsTest {

  private static final float NO = Float.NEGATIVE_INFINITY;

  @Test
  void agreeWithTheFormulaInDouble() {
    Random random = new Random(3);
    for (int vocabSize : new int[] {1, 2, 3, 50, 1_023, 1_024, 1_025, 5_000}) {
      for (double spread : new double[] {0.01, 1, 10, 100}) {
        float[] logits = new float[vocabSize + 7];
        for (int i = 0; i < logits.length; i++) {
          logits[i] = (float) (random.nextGaussian() * spread + 1_000);
        }
        double sum = 0;
        for (int i = 0; i < vocabSize; i++) {
          sum += Math.exp((double) logits[i + 7] - 1_000);
        }
        LogProbs logProbs = LogProbs.of(logits, 7, vocabSize);
        for (int i = 0; i < vocabSize; i++) {
          double exact = logits[i + 7] - 1_000.0 - Math.log(sum);
          assertThat(logProbs.logProb(i)).isCloseTo(exact, within(1e-8)).isNotPositive();
        }
      }
    }
  }

  @Test
  void topIsTheHeadOfTheSortedRow() {
    Random random = new Random(13);
    for (int round = 0; round < 300; round++) {
      float[] logits = new float[1 + random.nextInt(200)];
      for (int i = 0; i < logits.length; i++) {
        double gauss = random.nextGaussian();
        logits[i] = (float) (round % 2 == 0 ? gauss : Math.rint(gauss));
      }
      int[] ranked = ReferenceDistribution.ranked(logits);
      LogProbs logProbs = LogProbs.of(logits, 0, logits.length);
      for (int n : new int[] {0, 1, 5, 20, logits.length, 1_000}) {
        List<TokenLogProb> top = logProbs.top(n);
        assertThat(top).hasSize(Math.min(n, logits.length));
        for (int i = 0; i < top.size(); i++) {
          assertThat(top.get(i))
              .isEqualTo(new TokenLogProb(ranked[i], logProbs.logProb(ranked[i])));
        }
      }
    }
  }

  @Test
  void hugeLogitsDoNotOverflow() {
    float[] logits = {Float.MAX_VALUE, -Float.MAX_VALUE, Float.MAX_VALUE, NO};
    LogProbs logProbs = LogProbs.of(logits, 0, 4);
    assertThat(logProbs.logProb(0)).isCloseTo(-Math.log(2), within(1e-8));
    assertThat(logProbs.logProb(1)).isLessThan(-1e38);
    assertThat(logProbs.logProb(3)).isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @Test
  void infiniteLogitsShareEverything() {
    float sure = Float.POSITIVE_INFINITY;
    LogProbs logProbs = LogProbs.of(new float[] {sure, 5, NO, sure}, 0, 4);
    assertThat(logProbs.top(4))
        .containsExactly(
            new TokenLogProb(0, -Math.log(2)),
            new TokenLogProb(3, -Math.log(2)),
            new TokenLogProb(1, Double.NEGATIVE_INFINITY),
            new TokenLogProb(2, Double.NEGATIVE_INFINITY));
  }

  @Test
  void unusableRowsAndArgumentsAreRefused() {
    assertThatThrownBy(() -> LogProbs.of(new float[] {0, 1, Float.NaN}, 0, 3))
        .isInstanceOf(UnusableLogitsException.class)
        .hasMessageContaining("token 2 ");
    assertThatThrownBy(() -> LogProbs.of(new float[] {NO, NO}, 0, 2))
        .isInstanceOf(UnusableLogitsException.class);
    assertThatThrownBy(() -> LogProbs.of(new float[3], 2, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatIllegalArgumentException().isThrownBy(() -> LogProbs.of(new float[3], 0, 0));
    LogProbs logProbs = LogProbs.of(new float[3], 0, 2);
    assertThatIllegalArgumentException().isThrownBy(() -> logProbs.top(-1));
    assertThatThrownBy(() -> logProbs.logProb(2)).isInstanceOf(IndexOutOfBoundsException.class);
  }
}
