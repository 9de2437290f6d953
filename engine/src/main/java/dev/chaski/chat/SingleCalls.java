package dev.chaski.chat;

import dev.chaski.chat.tool.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Rewrites turns of several tool calls for templates that allow one a turn: each call is followed
 * by its result, as if the model had waited for it.
 */
final class SingleCalls {
  private SingleCalls() {}

  static ChatPrompt rewrite(ChatPrompt prompt) {
    List<Message> out = new ArrayList<>();
    List<Message> messages = prompt.messages();
    for (int i = 0; i < messages.size(); ) {
      Message message = messages.get(i++);
      if (message.toolCalls().size() < 2) {
        out.add(message);
        continue;
      }
      int end = i;
      while (end < messages.size() && messages.get(end).role() == Role.TOOL) {
        end++;
      }
      spread(message, messages.subList(i, end), out);
      i = end;
    }
    return new ChatPrompt(out, prompt.tools(), prompt.addGenerationPrompt());
  }

  private static void spread(Message turn, List<Message> results, List<Message> out) {
    String content = turn.content();
    for (ToolCall call : turn.toolCalls()) {
      out.add(Message.assistant(content, List.of(call)));
      results.stream().filter(result -> answers(result, call.id())).forEach(out::add);
      content = "";
    }
    Set<String> called = turn.toolCalls().stream().map(ToolCall::id).collect(Collectors.toSet());
    results.stream()
        .filter(result -> called.stream().noneMatch(id -> answers(result, id)))
        .forEach(out::add);
  }

  private static boolean answers(Message result, String id) {
    return result.answeredCall().filter(call -> call.id().equals(id)).isPresent();
  }
}
