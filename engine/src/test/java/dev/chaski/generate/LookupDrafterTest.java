package dev.chaski.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.tokenizer.TokenBuffer;
import org.junit.jupiter.api.Test;

class LookupDrafterTest {
  private static int[] draft(int max, int... text) {
    TokenBuffer tokens = new TokenBuffer();
    tokens.addAll(text);
    return new LookupDrafter().draft(tokens, max, new Cancellation());
  }

  @Test
  void goesOnAsAfterTheSameThreeTokens() {
    assertThat(draft(3, 1, 2, 3, 4, 5, 6, 9, 2, 3, 8, 1, 2, 3)).containsExactly(4, 5, 6);
  }

  @Test
  void twoTokensAreEnough() {
    assertThat(draft(2, 1, 2, 3, 4, 9, 2, 3)).containsExactly(4, 9);
  }

  @Test
  void oneIsNot() {
    assertThat(draft(2, 1, 2, 3, 9, 3)).isEmpty();
  }

  @Test
  void theLastOccurrenceCounts() {
    assertThat(draft(1, 1, 2, 3, 7, 1, 2, 3, 8, 1, 2, 3)).containsExactly(8);
  }

  @Test
  void aRepetitionGoesOn() {
    assertThat(draft(5, 7, 7, 7, 7)).containsExactly(7, 7, 7, 7, 7);
    assertThat(draft(5, 0, 1, 2, 3, 1, 2, 3)).containsExactly(1, 2, 3, 1, 2);
  }

  @Test
  void shortTextsAndNewOnesHaveNoGuess() {
    assertThat(draft(4)).isEmpty();
    assertThat(draft(4, 1)).isEmpty();
    assertThat(draft(4, 1, 1)).isEmpty();
    assertThat(draft(4, 1, 2, 3, 4, 5)).isEmpty();
  }
}
