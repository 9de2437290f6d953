package dev.chaski.cli.markdown;

/**
 * Columns that a character takes on a terminal. Sources: Unicode Standard Annex 11 (East Asian
 * Width), and emoji as terminals draw them. Where terminals differ, as in joined emoji, this is the
 * larger number: a line then ends a little early, and never late.
 */
final class TextWidth {
  /** First and last character of the blocks that are drawn two columns wide. */
  private static final int[][] WIDE = {
    {0x1100, 0x115F}, // Hangul Jamo, leading
    {0x2E80, 0x303E}, // radicals, CJK punctuation
    {0x3041, 0x4DBF}, // Kana, Bopomofo, Hangul compatibility, CJK extension A
    {0x4E00, 0xA4CF}, // unified ideographs, Yi
    {0xA960, 0xA97F}, // Hangul Jamo extended A
    {0xAC00, 0xD7A3}, // Hangul syllables
    {0xF900, 0xFAFF}, // compatibility ideographs
    {0xFE30, 0xFE6F}, // compatibility and small forms
    {0xFF01, 0xFF60}, // fullwidth forms
    {0xFFE0, 0xFFE6}, // fullwidth signs
    {0x1F200, 0x1F2FF}, // enclosed ideographs
    {0x20000, 0x3FFFD}, // ideographic planes
  };

  private static final int EMOJI_VARIANT = 0xFE0F;
  private static final int SOFT_HYPHEN = 0xAD;

  private TextWidth() {}

  /** Columns of a character: 0, 1 or 2. */
  static int of(int codePoint) {
    if (codePoint < 0x300) {
      return 1;
    }
    if (codePoint == EMOJI_VARIANT) {
      return 1; // makes what is before it as wide as an emoji
    }
    return switch (Character.getType(codePoint)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK -> 0;
      case Character.FORMAT -> codePoint == SOFT_HYPHEN ? 1 : 0;
      default -> isWide(codePoint) ? 2 : 1;
    };
  }

  private static boolean isWide(int codePoint) {
    for (int[] block : WIDE) {
      if (codePoint < block[0]) {
        break;
      }
      if (codePoint <= block[1]) {
        return true;
      }
    }
    return Character.isEmojiPresentation(codePoint);
  }

  /** Columns of a text. */
  static int of(String text) {
    return text.codePoints().map(TextWidth::of).sum();
  }
}
