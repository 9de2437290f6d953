package dev.chaski.tokenizer;

import java.util.Optional;

/**
 * What kind of entry a vocabulary holds under an id; the codes are those of the GGUF array {@code
 * tokenizer.ggml.token_type}.
 */
public enum TokenType {
  /** Made of bytes, spelled in GPT-2's byte alphabet; the only kind that plain text turns into. */
  NORMAL(1),
  /** Stands for what a model cannot spell; special, literal. */
  UNKNOWN(2),
  /** Steers the model ({@code <|eot_id|>}); special: parsed only when the caller asks for it. */
  CONTROL(3),
  /** Added by the model's author, not special: found in any text, before it is split. */
  USER_DEFINED(4),
  /** A placeholder: decodes to its name, but no text is ever encoded to it. */
  UNUSED(5),
  /** One byte, spelled {@code <0x0A>}; otherwise like {@link #NORMAL}. */
  BYTE(6);

  private static final TokenType[] BY_CODE = {
    null, NORMAL, UNKNOWN, CONTROL, USER_DEFINED, UNUSED, BYTE
  };

  private final int ggufCode;

  TokenType(int ggufCode) {
    this.ggufCode = ggufCode;
  }

  /** The number that stands for this type in a GGUF file. */
  public int ggufCode() {
    return ggufCode;
  }

  /** The type with this GGUF code, or empty for a code that no known writer uses. */
  public static Optional<TokenType> fromGgufCode(int code) {
    return code > 0 && code < BY_CODE.length ? Optional.of(BY_CODE[code]) : Optional.empty();
  }
}
