package dev.chaski.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpellingsTest {
  private static final byte[] UTF_8 = "aĠb€c".getBytes(StandardCharsets.UTF_8); // 1 2 1 3 1 bytes

  private static Spellings ranges(int[] starts, int[] ends) {
    return new Spellings(UTF_8, starts, ends);
  }

  @Test
  void areRangesOfAnArrayInAnyOrder() {
    Spellings spellings = ranges(new int[] {3, 0, 4, 2}, new int[] {7, 3, 4, 3});
    assertThat(spellings).containsExactly("b€", "aĠ", "", "\uFFFD");
    assertThat(spellings.inOrder(new int[] {1, 0, 1})).containsExactly("aĠ", "b€", "aĠ");
  }

  @Test
  void ofAListAreItsTexts() {
    List<String> texts = List.of("", "Ġthe", "😀", "x".repeat(200_000), "y");
    Spellings spellings = Spellings.of(texts);
    assertThat(spellings).isEqualTo(texts);
    assertThat(Spellings.of(spellings)).isSameAs(spellings);
  }

  @Test
  void anUnpairedSurrogateIsReplaced() {
    assertThat(Spellings.of(List.of("a\uD83D"))).containsExactly("a\uFFFD");
  }

  @Test
  void areComparedByTheirBytes() {
    Spellings spellings = Spellings.of(Arrays.asList("ab", "a", "b", "ab", ""));
    assertThat(spellings.areEqual(0, 3)).isTrue();
    assertThat(spellings.areEqual(0, 1)).isFalse();
    assertThat(spellings.areEqual(1, 2)).isFalse();
    assertThat(spellings.areEqual(4, 1)).isFalse();
  }

  @Test
  void rangesMustLieInTheArray() {
    assertThatThrownBy(() -> ranges(new int[] {0}, new int[] {UTF_8.length + 1}))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> ranges(new int[] {2}, new int[] {1}))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> ranges(new int[] {0, 1}, new int[] {1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 starts and 1 ends");
  }
}
