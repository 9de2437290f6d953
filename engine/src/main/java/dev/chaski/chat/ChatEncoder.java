package dev.chaski.chat;

import dev.chaski.chat.jinja.Piece;
import dev.chaski.tokenizer.BpeTokenizer;
import dev.chaski.tokenizer.SpecialTokens;
import dev.chaski.tokenizer.TextPart;
import dev.chaski.tokenizer.TokenBuffer;
import java.util.List;
import java.util.OptionalInt;

/**
 * Turns conversations into token ids. Immutable.
 *
 * <p>Special tokens are looked for only in what the template itself wrote, and so are user-defined
 * ones that the template uses; so no message, tool description or tool result can contain one. All
 * text between two of them is encoded as one, as the model saw it in training.
 */
public final class ChatEncoder {
  private final BpeTokenizer tokenizer;
  private final OptionalInt bos;
  private final ChatTemplate template;
  private final TemplateOptions options;

  /**
   * An encoder for one model.
   *
   * @param bos the token that begins a text, if the model wants one; added where the template does
   *     not write it
   */
  public ChatEncoder(
      BpeTokenizer tokenizer, OptionalInt bos, ChatTemplate template, TemplateOptions options) {
    this.tokenizer = tokenizer;
    this.bos = bos;
    this.template = template;
    this.options = options;
  }

  /** The template in use. */
  public ChatTemplate template() {
    return template;
  }

  /**
   * The ids of a conversation.
   *
   * @throws ChatTemplateException if the template refuses it
   */
  public int[] encode(ChatPrompt prompt) {
    TokenBuffer ids = new TokenBuffer();
    StringBuilder text = new StringBuilder();
    for (Piece piece : template.renderPieces(prompt, options)) {
      SpecialTokens wanted = piece.fromTemplate() ? SpecialTokens.PARSE : SpecialTokens.AS_TEXT;
      for (TextPart part : tokenizer.split(piece.text(), wanted)) {
        switch (part) {
          case TextPart.Plain(String plain) -> text.append(plain);
          case TextPart.Added(int id, String spelling) -> {
            if (piece.fromTemplate() || !template.spells(spelling)) {
              flush(text, ids);
              ids.add(id);
            } else {
              text.append(spelling);
            }
          }
        }
      }
    }
    flush(text, ids);
    return withBos(ids.toArray());
  }

  private void flush(StringBuilder text, TokenBuffer ids) {
    tokenizer.encode(text.toString(), SpecialTokens.NONE, ids);
    text.setLength(0);
  }

  private int[] withBos(int[] ids) {
    if (bos.isEmpty() || (ids.length > 0 && ids[0] == bos.getAsInt())) {
      return ids;
    }
    TokenBuffer all = new TokenBuffer();
    all.add(bos.getAsInt());
    all.addAll(ids);
    return all.toArray();
  }

  /** The ids of a conversation without tools that the assistant is to continue. */
  public int[] encode(List<Message> messages) {
    return encode(ChatPrompt.of(messages));
  }
}
