package dev.chaski.tokenizer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A vocabulary or {@code tokenizer.json} that cannot be used, and why: a fault of the file. */
public final class TokenizerFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String path;
  private final String where;
  private final String reason;

  /**
   * A fault in a vocabulary whose file is not known here.
   *
   * @param where the part at fault, such as {@code merges[17]}
   * @param reason what was found there and what was expected
   */
  public TokenizerFormatException(String where, String reason) {
    super(where + ": " + reason);
    this.path = null;
    this.where = where;
    this.reason = reason;
  }

  /**
   * A fault in a file.
   *
   * @param path the file
   * @param where the part at fault, such as {@code model.merges[17]}
   * @param reason what was found there and what was expected
   */
  public TokenizerFormatException(Path path, String where, String reason) {
    super(path + ": " + where + ": " + reason);
    this.path = path.toString();
    this.where = where;
    this.reason = reason;
  }

  /** The file at fault, where it is known. */
  public Optional<Path> path() {
    return Optional.ofNullable(path).map(Path::of);
  }

  /** The part of the vocabulary at fault. */
  public String where() {
    return where;
  }

  /** What was found there and what was expected. */
  public String reason() {
    return reason;
  }

  TokenizerFormatException in(Path file) {
    TokenizerFormatException named = new TokenizerFormatException(file, where, reason);
    named.initCause(this);
    return named;
  }
}
