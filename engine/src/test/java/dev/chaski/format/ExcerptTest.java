package dev.chaski.format;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExcerptTest {
  @Test
  void quotesWhatPrints() {
    assertThat(Excerpt.quoted("blk.0.attn_q Ġ 山 🦙")).isEqualTo("'blk.0.attn_q Ġ 山 🦙'");
    assertThat(Excerpt.quoted("")).isEqualTo("''");
  }

  @Test
  void escapesWhatCouldMoveACursorOrHideText() {
    assertThat(Excerpt.quoted("a\u001b[2J\r\n\tb\u0000\u202ec\ud800"))
        .isEqualTo("'a\\u{1b}[2J\\r\\n\\tb\\u{0}\\u{202e}c\\u{d800}'");
  }

  @Test
  void cutsAtWholeCharacters() {
    assertThat(Excerpt.quoted("🦙🦙🦙", 3)).isEqualTo("'🦙🦙🦙'");
    assertThat(Excerpt.quoted("🦙🦙🦙", 2)).isEqualTo("'🦙🦙...'");
    assertThat(Excerpt.quoted("x".repeat(1000))).hasSize(85).endsWith("x...'");
  }
}
