package dev.chaski.tokenizer;

/** Reads one merge after the other, reusing its buffer. Not safe for use by several threads. */
final class MergeParser {
  private final TokenTable tokens;
  private byte[] bytes = new byte[256];
  private int left;
  private int right;
  private int result;

  MergeParser(TokenTable tokens) {
    this.tokens = tokens;
  }

  /** Reads the merge {@code "left right"} of a rank. */
  void parse(String merge, int rank) throws TokenizerFormatException {
    int space = merge.indexOf(' ');
    if (space <= 0 || space == merge.length() - 1 || merge.indexOf(' ', space + 1) >= 0) {
      throw fault(rank, "\"" + merge + "\"; expected two tokens separated by one space");
    }
    if (merge.length() > bytes.length) {
      bytes = new byte[2 * merge.length()];
    }
    int middle = ByteAlphabet.spell(merge, 0, space, bytes, 0);
    int end = middle < 0 ? -1 : ByteAlphabet.spell(merge, space + 1, merge.length(), bytes, middle);
    if (end >= 0) {
      left = tokens.find(bytes, 0, middle);
      right = tokens.find(bytes, middle, end);
      result = tokens.find(bytes, 0, end);
    }
    if (end < 0
        || left == TokenTable.NONE
        || right == TokenTable.NONE
        || result == TokenTable.NONE) {
      result = TokenTable.NONE;
      String first = merge.substring(0, space);
      String second = merge.substring(space + 1);
      require(first, rank);
      require(second, rank);
      require(first + second, rank);
    }
  }

  private void require(String token, int rank) throws TokenizerFormatException {
    if (tokens.id(token) == TokenTable.NONE) {
      throw fault(rank, "token \"" + token + "\" is not in the vocabulary");
    }
  }

  private static TokenizerFormatException fault(int rank, String reason) {
    return new TokenizerFormatException("merges[" + rank + "]", reason);
  }

  int left() {
    return left;
  }

  int right() {
    return right;
  }

  /** The merged token, or {@link TokenTable#NONE} for a merge that no text can come to. */
  int result() {
    return result;
  }
}
