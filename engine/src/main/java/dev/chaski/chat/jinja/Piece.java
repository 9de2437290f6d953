package dev.chaski.chat.jinja;

import java.util.Objects;

/**
 * A stretch of rendered text of one origin.
 *
 * @param text not empty
 * @param fromTemplate whether the template itself wrote this text (or {@link TemplateText} did);
 *     {@code false} for anything that came, even in part, out of a message, a tool or another value
 *     of the context. Special tokens may be recognised only inside text of the template.
 */
public record Piece(String text, boolean fromTemplate) {
  /** Checks the text. */
  public Piece {
    Objects.requireNonNull(text, "text");
  }
}
