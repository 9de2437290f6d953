package dev.chaski.tokenizer;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The merges of a vocabulary as token ids, by rank.
 *
 * <p>A merge of or to a token that plain text cannot turn into has no effect: its result is {@link
 * TokenTable#NONE}.
 */
final class MergeIds {
  private static final int CHUNK = 1 << 14;

  private final Spellings merges;
  private final TokenTable tokens;
  private final int[] lefts;
  private final int[] rights;
  private final int[] results;

  // Loops that run once have short bodies here and in the other classes that load a vocabulary: a
  // method is compiled after some hundred calls, a loop only after some ten thousand rounds.

  /**
   * Finds the tokens of the merges {@code "left right"}.
   *
   * @throws TokenizerFormatException if a merge is not two tokens separated by one space, or names
   *     a token that is not in the vocabulary
   */
  MergeIds(Spellings merges, TokenTable tokens) throws TokenizerFormatException {
    this.merges = merges;
    this.tokens = tokens;
    int numMerges = merges.size();
    lefts = new int[numMerges];
    rights = new int[numMerges];
    results = new int[numMerges];
    // This is half of the work of loading a vocabulary, and every merge is a task of its own.
    int numChunks = (numMerges + CHUNK - 1) / CHUNK;
    Optional<TokenizerFormatException> fault =
        IntStream.range(0, numChunks)
            .parallel()
            .mapToObj(chunk -> resolve(chunk * CHUNK, Math.min((chunk + 1) * CHUNK, numMerges)))
            .filter(Objects::nonNull)
            .findFirst();
    if (fault.isPresent()) {
      throw fault.get();
    }
  }

  /** Resolves the merges of some ranks; returns what is wrong with the first bad one, or null. */
  private TokenizerFormatException resolve(int from, int to) {
    byte[] buffer = new byte[256];
    for (int rank = from; rank < to; rank++) {
      int length = merges.end(rank) - merges.start(rank);
      if (length > buffer.length) {
        buffer = new byte[2 * length];
      }
      TokenizerFormatException fault = resolve(rank, buffer);
      if (fault != null) {
        return fault;
      }
    }
    return null;
  }

  private TokenizerFormatException resolve(int rank, byte[] buffer) {
    byte[] utf8 = merges.utf8();
    int start = merges.start(rank);
    int end = merges.end(rank);
    int space = indexOfSpace(utf8, start, end);
    int middle = ByteAlphabet.spell(utf8, start, space, buffer, 0);
    int length = middle <= 0 ? -1 : ByteAlphabet.spell(utf8, space + 1, end, buffer, middle);
    if (length > middle) {
      int left = tokens.find(buffer, 0, middle);
      int right = tokens.find(buffer, middle, length);
      int result = tokens.find(buffer, 0, length);
      if ((left | right | result) >= 0) {
        lefts[rank] = left;
        rights[rank] = right;
        results[rank] = result;
        return null;
      }
    }
    results[rank] = TokenTable.NONE;
    return check(merges.get(rank), rank);
  }

  private static int indexOfSpace(byte[] utf8, int from, int to) {
    int i = from;
    while (i < to && utf8[i] != ' ') {
      i++;
    }
    return i;
  }

  /** What is wrong with a merge that has no effect, or null. */
  private TokenizerFormatException check(String merge, int rank) {
    int space = merge.indexOf(' ');
    int length = merge.length();
    if (space <= 0 || space == length - 1 || merge.indexOf(' ', space + 1) >= 0) {
      return fault(rank, "\"" + merge + "\"; expected two tokens separated by one space");
    }
    String left = merge.substring(0, space);
    String right = merge.substring(space + 1);
    for (String token : List.of(left, right, left + right)) {
      if (tokens.id(token) == TokenTable.NONE) {
        return fault(rank, "token \"" + token + "\" is not in the vocabulary");
      }
    }
    return null;
  }

  private static TokenizerFormatException fault(int rank, String reason) {
    return new TokenizerFormatException("merges[" + rank + "]", reason);
  }

  int size() {
    return results.length;
  }

  int left(int rank) {
    return lefts[rank];
  }

  int right(int rank) {
    return rights[rank];
  }

  /** The merged token, or {@link TokenTable#NONE} for a merge that no text can come to. */
  int result(int rank) {
    return results[rank];
  }
}
