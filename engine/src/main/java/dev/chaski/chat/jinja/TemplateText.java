package dev.chaski.chat.jinja;

import java.util.Objects;

/**
 * A string of the context that counts as the template's own text, such as {@code bos_token}: to be
 * put into the context map in place of a {@link String} by whoever knows that nobody else could
 * have written it.
 *
 * @param text the string the template sees
 */
public record TemplateText(String text) {
  /** Checks the text. */
  public TemplateText {
    Objects.requireNonNull(text, "text");
  }
}
