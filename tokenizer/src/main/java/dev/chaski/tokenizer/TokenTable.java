package dev.chaski.tokenizer;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * The bytes of every token, and the way back from bytes to id. Immutable.
 *
 * <p>Only tokens that plain text may turn into are found by their bytes: {@link TokenType#NORMAL}
 * ones spelled in the {@linkplain ByteAlphabet byte alphabet}, and {@link TokenType#BYTE} ones. All
 * others are <i>literal</i> and found by name only. Two open-addressing tables serve the search:
 * one for tokens of up to seven bytes, whose key is the token itself, and one for longer tokens,
 * which holds hashes and compares bytes.
 */
final class TokenTable {
  /** One less than a power of two: ids must fit 21 bits in {@link MergeTable}. */
  static final int MAX_TOKENS = (1 << 21) - 1;

  /** What {@link #find} and {@link #id} return when there is no such token. */
  static final int NONE = -1;

  private static final int MAX_POOL = 1 << 30; // bytes

  private final int[] offsets; // (numTokens + 1) into pool
  private final BitSet literal; // (numTokens)
  private final Map<String, Integer> literalIds = new HashMap<>();
  private final long[] shortSlots; // pairs of key and id; key 0 is an empty slot
  private final int shortShift;
  private final long[] longSlots; // high half of the hash, then id + 1; 0 is an empty slot
  private byte[] pool; // the bytes of all tokens, one after the other
  private int maxLength;

  /** The tokens of a vocabulary, as many as types; at most {@link #MAX_TOKENS}. */
  TokenTable(Spellings tokens, TokenType[] types) throws TokenizerFormatException {
    int numTokens = tokens.size();
    offsets = new int[numTokens + 1];
    literal = new BitSet(numTokens);
    pool = new byte[16 + 8 * numTokens];
    for (int id = 0; id < numTokens; id++) {
      append(id, tokens, types[id]);
    }
    pool = Arrays.copyOf(pool, offsets[numTokens] + Long.BYTES);
    int numShort = 0;
    for (int id = 0; id < numTokens; id++) {
      numShort += length(id) <= ByteStrings.MAX_KEY_LENGTH ? 1 : 0;
    }
    int shortBits = bitsFor(numShort);
    shortSlots = new long[2 << shortBits];
    shortShift = Long.SIZE - shortBits;
    longSlots = new long[1 << bitsFor(numTokens - numShort)];
    for (int id = 0; id < numTokens; id++) {
      insert(id);
    }
  }

  /** Writes the bytes of a token behind those of the tokens before it. */
  private void append(int id, Spellings tokens, TokenType type) throws TokenizerFormatException {
    int start = offsets[id];
    int from = tokens.start(id);
    int to = tokens.end(id);
    reserve(id, start + (long) (to - from)); // no spelling is shorter than what it stands for
    int end =
        switch (type) {
          case NORMAL -> ByteAlphabet.spell(tokens.utf8(), from, to, pool, start);
          case BYTE -> appendByte(tokens.get(id), start);
          case UNKNOWN, CONTROL, USER_DEFINED, UNUSED -> -1;
        };
    if (end < 0) {
      end = appendLiteral(id, tokens.get(id), start);
    }
    maxLength = Math.max(maxLength, end - start);
    offsets[id + 1] = end;
  }

  private int appendByte(String spelling, int at) {
    if (!spelling.matches("<0x[0-9A-Fa-f]{2}>")) {
      return -1;
    }
    pool[at] = (byte) Integer.parseInt(spelling, 3, 5, 16);
    return at + 1;
  }

  private int appendLiteral(int id, String spelling, int at) throws TokenizerFormatException {
    literal.set(id);
    literalIds.putIfAbsent(spelling, id);
    byte[] text = Utf8.bytes(spelling);
    reserve(id, at + (long) text.length);
    System.arraycopy(text, 0, pool, at, text.length);
    return at + text.length;
  }

  /** Makes room for a token that ends at most at {@code end}. */
  private void reserve(int id, long end) throws TokenizerFormatException {
    long room = end + Long.BYTES;
    if (room > MAX_POOL) {
      throw new TokenizerFormatException(
          "tokens[" + id + "]", "all tokens together are longer than 1 GiB; expected far less");
    }
    if (room > pool.length) {
      pool = Arrays.copyOf(pool, (int) Math.min(MAX_POOL, 2 * room));
    }
  }

  /** Address bits of a table that is at most half full. */
  private static int bitsFor(int numEntries) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(2 * numEntries - 1, 7));
  }

  private void insert(int id) {
    int from = offsets[id];
    int to = offsets[id + 1];
    if (from == to || literal.get(id)) {
      return;
    }
    if (to - from <= ByteStrings.MAX_KEY_LENGTH) {
      long key = ByteStrings.key(pool, from, to);
      int slot = shortSlot(key);
      while (shortSlots[slot] != 0) {
        if (shortSlots[slot] == key) {
          return; // the first of several equal tokens counts
        }
        slot = (slot + 2) & (shortSlots.length - 1);
      }
      shortSlots[slot] = key;
      shortSlots[slot + 1] = id;
    } else if (findLong(pool, from, to) == NONE) {
      long hash = ByteStrings.hash(pool, from, to);
      int slot = (int) hash & (longSlots.length - 1);
      while (longSlots[slot] != 0) {
        slot = (slot + 1) & (longSlots.length - 1);
      }
      longSlots[slot] = (hash & 0xFFFF_FFFF_0000_0000L) | (id + 1);
    }
  }

  private int shortSlot(long key) {
    return ByteStrings.slot(key, shortShift) << 1;
  }

  /**
   * The id of the token that plain text {@code bytes[from, to)} may turn into, or {@link #NONE}.
   */
  int find(byte[] bytes, int from, int to) {
    return to - from <= ByteStrings.MAX_KEY_LENGTH
        ? findShort(bytes, from, to)
        : findLong(bytes, from, to);
  }

  private int findShort(byte[] bytes, int from, int to) {
    if (from == to) {
      return NONE;
    }
    long key = ByteStrings.key(bytes, from, to);
    int slot = shortSlot(key);
    while (true) {
      long found = shortSlots[slot];
      if (found == key) {
        return (int) shortSlots[slot + 1];
      }
      if (found == 0) {
        return NONE;
      }
      slot = (slot + 2) & (shortSlots.length - 1);
    }
  }

  private int findLong(byte[] bytes, int from, int to) {
    if (to - from > maxLength) {
      return NONE;
    }
    long hash = ByteStrings.hash(bytes, from, to);
    int slot = (int) hash & (longSlots.length - 1);
    while (true) {
      long found = longSlots[slot];
      if (found == 0) {
        return NONE;
      }
      if ((found ^ hash) >>> 32 == 0) {
        int id = (int) found - 1;
        if (Arrays.equals(bytes, from, to, pool, offsets[id], offsets[id + 1])) {
          return id;
        }
      }
      slot = (slot + 1) & (longSlots.length - 1);
    }
  }

  /** The id of the token spelled so in the vocabulary, or {@link #NONE}. */
  int id(String spelling) {
    Integer id = literalIds.get(spelling);
    if (id != null) {
      return id;
    }
    byte[] utf8 = Utf8.bytes(spelling);
    byte[] bytes = new byte[utf8.length];
    int end = ByteAlphabet.spell(utf8, 0, utf8.length, bytes, 0);
    return end < 0 ? NONE : find(bytes, 0, end);
  }

  /** Whether a token is found by name only. */
  boolean isLiteral(int id) {
    return literal.get(id);
  }

  /** The first token at or after {@code id} that is found by name only, or -1. */
  int nextLiteral(int id) {
    return literal.nextSetBit(id);
  }

  int size() {
    return offsets.length - 1;
  }

  /** The most bytes that a token has. */
  int maxLength() {
    return maxLength;
  }

  /** The number of bytes of a token. */
  int length(int id) {
    return offsets[id + 1] - offsets[id];
  }

  /** Copies the bytes of a token to {@code out} and returns the index behind the last. */
  int copy(int id, byte[] out, int at) {
    int length = length(id);
    System.arraycopy(pool, offsets[id], out, at, length);
    return at + length;
  }
}
