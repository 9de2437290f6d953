package dev.chaski.tokenizer;

import java.util.Arrays;

/**
 * The merges: which two tokens become which one, and which pair goes first. Immutable.
 *
 * <p>The lower the rank the earlier the merge. Open addressing in one array of longs: 21 bits each
 * for the two ids, 22 for the rank; the result of a merge is kept by rank. Pairs of single bytes,
 * with which every word begins, have a table of their own without hashing.
 */
final class MergeTable {
  /** Ranks are below this, and fit 22 bits. */
  static final int MAX_MERGES = (1 << 22) - 1;

  /** The rank of a pair that is never merged: worse than any other. */
  static final int NO_RANK = Integer.MAX_VALUE;

  private static final int RANK_BITS = 22;
  private static final int ID_BITS = 21;
  private static final long EMPTY = -1;

  private final int[] byteIds; // (256)
  private final int[] byteRanks; // (256, 256)
  private final int[] results; // (numMerges)
  private final long[] slots;
  private final int shift;

  /**
   * A table of merges; of several merges of the same pair the first counts.
   *
   * @throws TokenizerFormatException if a byte has no token
   */
  MergeTable(MergeIds merges, TokenTable tokens) throws TokenizerFormatException {
    byteIds = byteIds(tokens);
    byteRanks = new int[256 * 256];
    Arrays.fill(byteRanks, NO_RANK);
    int[] byteOf = new int[tokens.size()];
    Arrays.fill(byteOf, -1);
    for (int b = 0; b < 256; b++) {
      byteOf[byteIds[b]] = b;
    }
    // A power of two, from a third to two thirds full.
    int bits =
        Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(merges.size() + merges.size() / 2, 8));
    slots = new long[1 << bits];
    Arrays.fill(slots, EMPTY);
    shift = Long.SIZE - bits;
    results = new int[merges.size()];
    for (int rank = 0; rank < results.length; rank++) {
      insert(merges, rank, byteOf);
    }
  }

  private static int[] byteIds(TokenTable tokens) throws TokenizerFormatException {
    int[] ids = new int[256];
    byte[] single = new byte[1];
    for (int b = 0; b < 256; b++) {
      single[0] = (byte) b;
      ids[b] = tokens.find(single, 0, 1);
      if (ids[b] == TokenTable.NONE) {
        throw new TokenizerFormatException(
            "tokens",
            "no token \"%c\" for the byte 0x%02X; expected one for each of the 256 bytes, as in"
                    .formatted(ByteAlphabet.letter(b), b)
                + " every byte-level vocabulary");
      }
    }
    return ids;
  }

  private void insert(MergeIds merges, int rank, int[] byteOf) {
    results[rank] = merges.result(rank);
    if (results[rank] == TokenTable.NONE) {
      return;
    }
    int left = merges.left(rank);
    int right = merges.right(rank);
    long key = key(left, right);
    int slot = ByteStrings.slot(key, shift);
    while (slots[slot] != EMPTY) {
      if (slots[slot] >>> RANK_BITS == key) {
        return; // the first of several equal merges counts
      }
      slot = (slot + 1) & (slots.length - 1);
    }
    slots[slot] = key << RANK_BITS | rank;
    if (byteOf[left] >= 0 && byteOf[right] >= 0) {
      byteRanks[byteOf[left] << 8 | byteOf[right]] = rank;
    }
  }

  private static long key(int left, int right) {
    return (long) left << ID_BITS | right;
  }

  /** The rank of the merge of two tokens, or {@link #NO_RANK}. */
  int rank(int left, int right) {
    long key = key(left, right);
    int slot = ByteStrings.slot(key, shift);
    while (true) {
      long found = slots[slot];
      if (found >>> RANK_BITS == key) {
        return (int) found & MAX_MERGES;
      }
      if (found == EMPTY) {
        return NO_RANK;
      }
      slot = (slot + 1) & (slots.length - 1);
    }
  }

  /** The rank of the merge of two single bytes, or {@link #NO_RANK}. */
  int rankOfBytes(byte left, byte right) {
    return byteRanks[(left & 0xFF) << 8 | (right & 0xFF)];
  }

  /** The token that is a single byte. */
  int idOfByte(byte b) {
    return byteIds[b & 0xFF];
  }

  /** The token that the merge of a rank makes. */
  int result(int rank) {
    return results[rank];
  }
}
