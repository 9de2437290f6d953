package dev.chaski.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * Byte-level BPE of the Llama 3 family: text to token ids and back.
 *
 * <p>A text is turned into UTF-8; added tokens are cut out of it; the rest is split into pre-tokens
 * by the Llama 3 pattern, and each pre-token becomes the token that spells it, if there is one and
 * the vocabulary says so, or else is merged from single bytes, the best pair first. No
 * begin-of-text token is added. An unpaired surrogate counts as U+FFFD; every other text comes back
 * from {@link #decode(int[])} as it was.
 *
 * <p>Tokens of type {@link TokenType#USER_DEFINED} are found in any text, {@link TokenType#CONTROL}
 * and {@link TokenType#UNKNOWN} ones (<i>special</i> tokens) only with {@link SpecialTokens#PARSE}:
 * at each place the longest, from left to right.
 *
 * <p>Immutable, and safe for use by several threads.
 *
 * <p>Source: Sennrich et al., "Neural Machine Translation of Rare Words with Subword Units" (2016);
 * byte-level alphabet as in GPT-2.
 */
public final class BpeTokenizer {
  private final TokenTable tokens;
  private final TokenType[] types; // (vocabSize)
  private final MergeTable merges;
  private final boolean ignoreMerges;
  private final AddedTokens userDefined;
  private final AddedTokens userDefinedAndSpecial;
  private final AddedTokens none;
  private final WordCache cache = new WordCache();

  private BpeTokenizer(BpeVocabulary vocabulary) throws TokenizerFormatException {
    types = vocabulary.types().toArray(TokenType[]::new);
    ignoreMerges = vocabulary.ignoreMerges();
    tokens = new TokenTable(Spellings.of(vocabulary.tokens()), types);
    merges = new MergeTable(new MergeIds(Spellings.of(vocabulary.merges()), tokens), tokens);
    userDefined = new AddedTokens(tokens, types, EnumSet.of(TokenType.USER_DEFINED));
    userDefinedAndSpecial =
        new AddedTokens(
            tokens,
            types,
            EnumSet.of(TokenType.USER_DEFINED, TokenType.CONTROL, TokenType.UNKNOWN));
    none = new AddedTokens(tokens, types, EnumSet.noneOf(TokenType.class));
  }

  /**
   * A tokenizer for a vocabulary.
   *
   * @throws TokenizerFormatException if there are no tokens, more than 2,097,151 tokens or
   *     4,194,303 merges, not as many types as tokens, a byte without a token, or a merge that is
   *     not two tokens separated by a space or names a token (a part or the whole) that does not
   *     exist
   */
  public static BpeTokenizer of(BpeVocabulary vocabulary) throws TokenizerFormatException {
    int numTokens = vocabulary.tokens().size();
    checkCount("tokens", numTokens, TokenTable.MAX_TOKENS);
    checkCount("merges", vocabulary.merges().size(), MergeTable.MAX_MERGES);
    if (vocabulary.types().size() != numTokens) {
      throw new TokenizerFormatException(
          "token types",
          "%,d types for %,d tokens; expected one for each"
              .formatted(vocabulary.types().size(), numTokens));
    }
    return new BpeTokenizer(vocabulary);
  }

  private static void checkCount(String what, int count, int max) throws TokenizerFormatException {
    if (count > max) {
      throw new TokenizerFormatException(
          what, "%,d of them; expected at most %,d".formatted(count, max));
    }
  }

  /** The tokens of a text, in which names of special tokens are plain text. */
  public int[] encode(String text) {
    return encode(text, SpecialTokens.AS_TEXT);
  }

  /** The tokens of a text. */
  public int[] encode(String text, SpecialTokens specialTokens) {
    TokenBuffer out = new TokenBuffer(text.length() / 3 + 8);
    encode(text, specialTokens, out);
    return out.toArray();
  }

  /** Appends the tokens of a text to {@code out}. */
  public void encode(String text, SpecialTokens specialTokens, TokenBuffer out) {
    byte[] utf8 = Utf8.bytes(text);
    WordMerger merger = new WordMerger(merges);
    scan(
        utf8,
        added(specialTokens),
        new PartSink() {
          @Override
          public void plain(int from, int to) {
            encodePlain(utf8, from, to, merger, out);
          }

          @Override
          public void added(int id, int from, int to) {
            out.add(id);
          }
        });
  }

  /**
   * The added tokens of a text and what is between them, from left to right: put together, their
   * spellings are the text. No part is empty.
   */
  public List<TextPart> split(String text, SpecialTokens specialTokens) {
    byte[] utf8 = Utf8.bytes(text);
    List<TextPart> parts = new ArrayList<>();
    scan(
        utf8,
        added(specialTokens),
        new PartSink() {
          @Override
          public void plain(int from, int to) {
            if (from < to) {
              parts.add(new TextPart.Plain(Utf8.text(utf8, from, to)));
            }
          }

          @Override
          public void added(int id, int from, int to) {
            parts.add(new TextPart.Added(id, Utf8.text(utf8, from, to)));
          }
        });
    return parts;
  }

  /** Takes the parts of a text from left to right, as ranges of its bytes. */
  private interface PartSink {
    /** A range, which may be empty, without an added token. */
    void plain(int from, int to);

    void added(int id, int from, int to);
  }

  private void scan(byte[] utf8, AddedTokens added, PartSink sink) {
    int start = 0;
    int at = added.isEmpty() ? utf8.length : added.candidate(utf8, 0, utf8.length);
    while (at < utf8.length) {
      int id = added.match(utf8, at, utf8.length);
      if (id == TokenTable.NONE) {
        at++;
      } else {
        sink.plain(start, at);
        start = at + tokens.length(id);
        sink.added(id, at, start);
        at = start;
      }
      at = added.candidate(utf8, at, utf8.length);
    }
    sink.plain(start, utf8.length);
  }

  private AddedTokens added(SpecialTokens specialTokens) {
    return switch (specialTokens) {
      case AS_TEXT -> userDefined;
      case PARSE -> userDefinedAndSpecial;
      case NONE -> none;
    };
  }

  /** The number of tokens of a text, in which names of special tokens are plain text. */
  public int countTokens(String text) {
    TokenBuffer out = new TokenBuffer(text.length() / 3 + 8);
    encode(text, SpecialTokens.AS_TEXT, out);
    return out.size();
  }

  private void encodePlain(byte[] text, int from, int to, WordMerger merger, TokenBuffer out) {
    int start = from;
    while (start < to) {
      int end = PreTokenizer.end(text, start, to);
      int id = ignoreMerges ? tokens.find(text, start, end) : TokenTable.NONE;
      if (id != TokenTable.NONE) {
        out.add(id);
      } else {
        encodeWord(text, start, end, merger, out);
      }
      start = end;
    }
  }

  /** Appends the tokens of a word that is not one token by itself. */
  private void encodeWord(byte[] text, int from, int to, WordMerger merger, TokenBuffer out) {
    if (to - from > WordCache.MAX_LENGTH) {
      merger.merge(text, from, to, out);
      return;
    }
    int place = WordCache.place(text, from, to);
    int[] ids = cache.get(place, text, from, to);
    if (ids == null) {
      TokenBuffer merged = new TokenBuffer();
      merger.merge(text, from, to, merged);
      ids = merged.toArray();
      cache.put(place, text, from, to, ids);
    }
    out.addAll(ids);
  }

  /**
   * The text of some tokens, special ones included. Bytes that are not UTF-8 become U+FFFD.
   *
   * @throws IllegalArgumentException if an id is not in the vocabulary
   */
  public String decode(int[] ids) {
    return decode(ids, 0, ids.length);
  }

  /**
   * The text of the tokens {@code ids[from, to)}, special ones included.
   *
   * @throws IllegalArgumentException if an id is not in the vocabulary
   * @throws IndexOutOfBoundsException if the range is not within the array
   */
  public String decode(int[] ids, int from, int to) {
    return decode(ids, from, to, true);
  }

  /**
   * The text of the tokens {@code ids[from, to)}, special ones left out.
   *
   * @throws IllegalArgumentException if an id is not in the vocabulary
   * @throws IndexOutOfBoundsException if the range is not within the array
   */
  public String decodeWithoutSpecial(int[] ids, int from, int to) {
    return decode(ids, from, to, false);
  }

  private String decode(int[] ids, int from, int to, boolean keepSpecial) {
    Objects.checkFromToIndex(from, to, ids.length);
    long numBytes = 0;
    for (int i = from; i < to; i++) {
      if (keepSpecial || !isSpecial(ids[i])) {
        numBytes += byteLength(ids[i]);
      }
    }
    byte[] utf8 = new byte[Math.toIntExact(numBytes)];
    int at = 0;
    for (int i = from; i < to; i++) {
      if (keepSpecial || !isSpecial(ids[i])) {
        at = tokens.copy(ids[i], utf8, at);
      }
    }
    return new String(utf8, StandardCharsets.UTF_8);
  }

  /**
   * The bytes of a token, which need not be whole characters.
   *
   * @throws IllegalArgumentException if the id is not in the vocabulary
   */
  public byte[] bytes(int id) {
    byte[] bytes = new byte[byteLength(id)];
    tokens.copy(id, bytes, 0);
    return bytes;
  }

  /**
   * The number of bytes of a token.
   *
   * @throws IllegalArgumentException if the id is not in the vocabulary
   */
  public int byteLength(int id) {
    return tokens.length(checkId(id));
  }

  /**
   * Copies the bytes of a token, which is known to exist, and returns the index behind the last.
   */
  int copyBytes(int id, byte[] out, int at) {
    return tokens.copy(id, out, at);
  }

  /** The number of ids: {@code [0, vocabSize())} are valid. */
  public int vocabSize() {
    return tokens.size();
  }

  /**
   * The type of a token.
   *
   * @throws IllegalArgumentException if the id is not in the vocabulary
   */
  public TokenType type(int id) {
    return types[checkId(id)];
  }

  /**
   * Whether a token steers the model instead of standing for text: {@link TokenType#CONTROL} or
   * {@link TokenType#UNKNOWN}.
   *
   * @throws IllegalArgumentException if the id is not in the vocabulary
   */
  public boolean isSpecial(int id) {
    return switch (type(id)) {
      case CONTROL, UNKNOWN -> true;
      case NORMAL, USER_DEFINED, UNUSED, BYTE -> false;
    };
  }

  /** The id of a token as the vocabulary spells it: {@code "Ġthe"}, {@code "<|eot_id|>"}. */
  public OptionalInt id(String token) {
    int id = tokens.id(token);
    return id == TokenTable.NONE ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /**
   * A token as the vocabulary spells it: {@code "Ġthe"}, {@code "<|eot_id|>"}.
   *
   * @throws IllegalArgumentException if the id is not in the vocabulary
   */
  public String token(int id) {
    byte[] bytes = bytes(id);
    if (tokens.isLiteral(id)) {
      return new String(bytes, StandardCharsets.UTF_8);
    }
    if (type(id) == TokenType.BYTE) {
      return "<0x%02X>".formatted(bytes[0]);
    }
    StringBuilder spelling = new StringBuilder(bytes.length);
    for (byte b : bytes) {
      spelling.append(ByteAlphabet.letter(b & 0xFF));
    }
    return spelling.toString();
  }

  private int checkId(int id) {
    if (id < 0 || id >= tokens.size()) {
      throw new IllegalArgumentException(
          "token id %d is not in the vocabulary; expected 0 to %d"
              .formatted(id, tokens.size() - 1));
    }
    return id;
  }
}
