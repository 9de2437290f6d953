package dev.chaski.tokenizer;

import java.util.Random;

/** Random texts made to hit the corners of the split pattern. */
final class NastyText {
  private static final String[] PIECES = {
    "'s",
    "'S",
    "'ſ",
    "'t",
    "'re",
    "'RE",
    "'vE",
    "'m",
    "'ll",
    "'lL",
    "'d",
    "'",
    "'r",
    "'v",
    "'l",
    "’s",
    " ",
    "  ",
    "   ",
    "\t",
    "\n",
    "\r",
    "\r\n",
    "\n\n",
    "\u000B",
    "\f",
    "\u0085",
    "\u00A0",
    "\u1680",
    "\u2003",
    "\u2028",
    "\u2029",
    "\u202F",
    "\u3000",
    "\u200B",
    "\u001C",
    "\u0000",
    "a",
    "Hello",
    "world",
    "straße",
    "ſ",
    "K",
    "İ",
    "ǅ",
    "ʰ",
    "é",
    "e\u0301",
    "日本",
    "ไทย",
    "العربية",
    "हिन्दी",
    "한국",
    "𝒳",
    "𐐀",
    "0",
    "12",
    "123",
    "1234567",
    "٣",
    "Ⅷ",
    "½",
    "𝟘",
    "一",
    "!",
    "?!",
    "...",
    "_",
    "-",
    "--",
    "(",
    "{}",
    ";",
    "<|eot_id|>",
    "😀",
    "👩‍👩‍👧",
    "\uFE0F",
    "\u0300",
    "\uFFFD",
    "\uFFFF",
    "\uE000",
    "\u00AD",
    "\uFEFF"
  };

  private NastyText() {}

  /** A text of up to {@code maxPieces} pieces, without unpaired surrogates. */
  static String of(Random random, int maxPieces) {
    StringBuilder text = new StringBuilder();
    int pieces = random.nextInt(maxPieces + 1);
    for (int i = 0; i < pieces; i++) {
      switch (random.nextInt(9)) {
        case 0 -> text.appendCodePoint(randomCodePoint(random, Character.MAX_CODE_POINT));
        case 1 -> text.appendCodePoint(randomCodePoint(random, 0x3000));
        case 2 -> text.appendCodePoint(random.nextInt(128));
        case 3 -> {
          // Runs of letters of many lengths, and the characters beside the letters in ASCII.
          for (int n = random.nextInt(24); n >= 0; n--) {
            text.append((char) ((random.nextInt(16) == 0 ? '@' : 'A') + random.nextInt(27)));
            text.append((char) ((random.nextInt(16) == 0 ? '`' : 'a') + random.nextInt(27)));
          }
        }
        default -> text.append(PIECES[random.nextInt(PIECES.length)]);
      }
    }
    return text.toString();
  }

  private static int randomCodePoint(Random random, int max) {
    int codePoint = random.nextInt(max + 1);
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE
        ? 'x'
        : codePoint;
  }
}
