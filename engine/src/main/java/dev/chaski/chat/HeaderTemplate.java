package dev.chaski.chat;

import dev.chaski.chat.Segment.Special;
import dev.chaski.chat.Segment.Text;
import java.util.ArrayList;
import java.util.List;

/**
 * Llama 3's layout: {@code <|start_header_id|>role<|end_header_id|>}, an empty line, the trimmed
 * text, {@code <|eot_id|>}.
 */
public final class HeaderTemplate implements ChatTemplate {
  /** The template has no state. */
  public HeaderTemplate() {}

  @Override
  public String name() {
    return "llama-3";
  }

  @Override
  public List<Segment> render(List<Message> messages, boolean addGenerationPrompt) {
    List<Segment> out = new ArrayList<>();
    for (Message message : messages) {
      header(out, message.role());
      out.add(new Text(message.content().strip()));
      out.add(new Special("<|eot_id|>"));
    }
    if (addGenerationPrompt) {
      header(out, Role.ASSISTANT);
    }
    return out;
  }

  private static void header(List<Segment> out, Role role) {
    out.add(new Special("<|start_header_id|>"));
    out.add(new Text(role.spelling()));
    out.add(new Special("<|end_header_id|>"));
    out.add(new Text("\n\n"));
  }
}
