package dev.chaski.chat;

/**
 * A chat template is not usable, refuses a conversation (as one that does not begin with the user),
 * or asks for more work than it may. The message is the template's own where it gave one.
 */
public final class ChatTemplateException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  ChatTemplateException(String message, Throwable cause) {
    super(message, cause);
  }
}
