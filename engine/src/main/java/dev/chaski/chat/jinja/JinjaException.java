package dev.chaski.chat.jinja;

/** A template cannot be parsed or rendered; nothing else ever comes out of a template. */
public abstract sealed class JinjaException extends RuntimeException
    permits TemplateSyntaxException, TemplateException, TemplateLimitException {
  private static final long serialVersionUID = 1L;

  JinjaException(String message) {
    super(message);
  }
}
