package dev.chaski.chat;

import dev.chaski.chat.Segment.Special;
import dev.chaski.chat.Segment.Text;
import java.util.ArrayList;
import java.util.List;

/** ChatML's layout: {@code <|im_start|>role}, a line break, the text, {@code <|im_end|>}. */
public final class ChatMlTemplate implements ChatTemplate {
  /** The template has no state. */
  public ChatMlTemplate() {}

  @Override
  public String name() {
    return "chatml";
  }

  @Override
  public List<Segment> render(List<Message> messages, boolean addGenerationPrompt) {
    List<Segment> out = new ArrayList<>();
    for (Message message : messages) {
      out.add(new Special("<|im_start|>"));
      out.add(new Text(message.role().spelling() + "\n" + message.content()));
      out.add(new Special("<|im_end|>"));
      out.add(new Text("\n"));
    }
    if (addGenerationPrompt) {
      out.add(new Special("<|im_start|>"));
      out.add(new Text(Role.ASSISTANT.spelling() + "\n"));
    }
    return out;
  }
}
