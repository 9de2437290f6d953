package dev.chaski.langchain4j;

import dev.chaski.chat.Message;
import dev.chaski.chat.tool.ToolCall;
import dev.chaski.format.JsonTree;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** Conversations of LangChain4j's in our terms. */
final class Messages {
  private final List<Message> out = new ArrayList<>();
  private final Map<String, ToolCall> calls = new HashMap<>();

  private Messages() {}

  static List<Message> of(List<ChatMessage> messages) {
    Messages translated = new Messages();
    messages.forEach(translated::add);
    return translated.out;
  }

  private void add(ChatMessage message) {
    switch (message) {
      case SystemMessage system -> out.add(Message.system(system.text()));
      case UserMessage user -> out.add(Message.user(text(user)));
      case AiMessage answer -> addAnswer(answer);
      case ToolExecutionResultMessage result -> out.add(Message.tool(called(result), text(result)));
      default ->
          throw new UnsupportedFeatureException(
              "a message of type " + message.type() + " has no place in a chat template");
    }
  }

  /** Its texts, each a line of its own. */
  private static String text(UserMessage user) {
    StringJoiner lines = new StringJoiner("\n");
    for (Content content : user.contents()) {
      if (!(content instanceof TextContent text)) {
        throw new UnsupportedFeatureException(
            "a message of the user has content of type %s; the model reads text only"
                .formatted(content.type()));
      }
      lines.add(text.text());
    }
    return lines.toString();
  }

  private void addAnswer(AiMessage answer) {
    List<ToolCall> asked = new ArrayList<>();
    for (ToolExecutionRequest request : answer.toolExecutionRequests()) {
      String id = request.id() == null ? "call_" + (calls.size() + 1) : request.id();
      ToolCall call = new ToolCall(id, request.name(), arguments(request));
      calls.put(id, call);
      asked.add(call);
    }
    out.add(Message.assistant(answer.text() == null ? "" : answer.text(), asked));
  }

  private static Map<String, Object> arguments(ToolExecutionRequest request) {
    String json = request.arguments();
    if (json == null || json.isBlank()) {
      return Map.of();
    }
    Object parsed;
    try {
      parsed = JsonTree.parse(json);
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException(
          "the arguments of a call of '%s' are %s".formatted(request.name(), e.getMessage()), e);
    }
    if (!(parsed instanceof Map<?, ?> object)) {
      throw new InvalidRequestException(
          "the arguments of a call of '%s' are not a JSON object: %s"
              .formatted(request.name(), json));
    }
    Map<String, Object> arguments = new LinkedHashMap<>();
    object.forEach((name, value) -> arguments.put((String) name, value));
    return arguments;
  }

  private ToolCall called(ToolExecutionResultMessage result) {
    ToolCall call = result.id() == null ? null : calls.get(result.id());
    return call == null
        ? new ToolCall(String.valueOf(result.id()), result.toolName(), Map.of())
        : call;
  }

  private static String text(ToolExecutionResultMessage result) {
    if (!result.hasSingleText()) {
      throw new UnsupportedFeatureException(
          "the result of tool '%s' has content other than one text; the model reads text only"
              .formatted(result.toolName()));
    }
    return result.text();
  }
}
