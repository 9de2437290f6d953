package dev.chaski.chat;

import dev.chaski.chat.tool.Tool;
import dev.chaski.chat.tool.ToolCall;
import dev.chaski.format.JsonTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes tools, calls and results as the text of messages, for templates that know of none: in the
 * form of Hermes, which many models have learned. Results come from the user, a role that every
 * template has.
 */
final class PlainTools {
  private PlainTools() {}

  static ChatPrompt rewrite(ChatPrompt prompt) {
    List<Message> out = new ArrayList<>();
    List<Message> rest = prompt.messages();
    if (!prompt.tools().isEmpty()) {
      String told = instructions(prompt.tools());
      if (!rest.isEmpty() && rest.getFirst().role() == Role.SYSTEM) {
        told = rest.getFirst().content() + "\n\n" + told;
        rest = rest.subList(1, rest.size());
      }
      out.add(Message.system(told));
    }
    List<String> results = new ArrayList<>();
    for (Message message : rest) {
      if (message.role() == Role.TOOL) {
        results.add("<tool_response>\n" + message.content() + "\n</tool_response>");
      } else {
        flush(results, out);
        out.add(withoutCalls(message));
      }
    }
    flush(results, out);
    return new ChatPrompt(out, List.of(), prompt.addGenerationPrompt());
  }

  private static void flush(List<String> results, List<Message> out) {
    if (!results.isEmpty()) {
      out.add(Message.user(String.join("\n", results)));
      results.clear();
    }
  }

  private static Message withoutCalls(Message message) {
    if (message.toolCalls().isEmpty()) {
      return message;
    }
    String calls =
        message.toolCalls().stream().map(PlainTools::written).collect(Collectors.joining("\n"));
    return Message.assistant(
        message.content().isEmpty() ? calls : message.content() + "\n" + calls);
  }

  private static String written(ToolCall call) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("name", call.name());
    object.put("arguments", call.arguments());
    return "<tool_call>\n" + JsonTree.write(object) + "\n</tool_call>";
  }

  private static String instructions(List<Tool> tools) {
    List<Map<String, Object>> described = tools.stream().map(Tool::toOpenAi).toList();
    return """
    You can call functions. These are available:
    <tools>%s</tools>
    To call one, answer with its name and arguments as a JSON object, one for each call:
    <tool_call>
    {"name": "the function's name", "arguments": {"argument": "value"}}
    </tool_call>
    The results come back in <tool_response></tool_response>. If no function helps, just answer.\
    """
        .formatted(JsonTree.write(described));
  }
}
