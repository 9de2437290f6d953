package dev.chaski.chat;

import dev.chaski.chat.Segment.Special;
import dev.chaski.chat.Segment.Text;
import dev.chaski.tokenizer.BpeTokenizer;
import dev.chaski.tokenizer.SpecialTokens;
import dev.chaski.tokenizer.TokenBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Turns conversations into token ids. Immutable. */
public final class ChatEncoder {
  private final BpeTokenizer tokenizer;
  private final OptionalInt bos;
  private final ChatTemplate template;

  /**
   * An encoder for one model.
   *
   * @param bos the token that begins a text, if the model wants one
   */
  public ChatEncoder(BpeTokenizer tokenizer, OptionalInt bos, ChatTemplate template) {
    this.tokenizer = tokenizer;
    this.bos = bos;
    this.template = template;
  }

  /** The layout that a vocabulary was made for, judged by its special tokens. */
  public static Optional<ChatTemplate> templateFor(BpeTokenizer tokenizer) {
    if (isSpecial(tokenizer, "<|start_header_id|>") && isSpecial(tokenizer, "<|eot_id|>")) {
      return Optional.of(new HeaderTemplate());
    }
    if (isSpecial(tokenizer, "<|im_start|>") && isSpecial(tokenizer, "<|im_end|>")) {
      return Optional.of(new ChatMlTemplate());
    }
    return Optional.empty();
  }

  private static boolean isSpecial(BpeTokenizer tokenizer, String spelling) {
    OptionalInt id = tokenizer.id(spelling);
    return id.isPresent() && tokenizer.isSpecial(id.getAsInt());
  }

  /** The template in use. */
  public ChatTemplate template() {
    return template;
  }

  /**
   * The ids of a conversation that the assistant is to continue. Neighbouring texts are encoded as
   * one, as the model saw them in training.
   */
  public int[] encode(List<Message> messages) {
    TokenBuffer ids = new TokenBuffer();
    bos.ifPresent(ids::add);
    StringBuilder text = new StringBuilder();
    for (Segment segment : template.render(messages, true)) {
      switch (segment) {
        case Text(String part) -> text.append(part);
        case Special(String spelling) -> {
          flush(text, ids);
          ids.add(tokenizer.id(spelling).orElseThrow());
        }
      }
    }
    flush(text, ids);
    return ids.toArray();
  }

  private void flush(StringBuilder text, TokenBuffer ids) {
    tokenizer.encode(text.toString(), SpecialTokens.AS_TEXT, ids);
    text.setLength(0);
  }
}
