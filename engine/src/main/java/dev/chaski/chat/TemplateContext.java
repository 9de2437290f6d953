package dev.chaski.chat;

import dev.chaski.chat.jinja.TemplateText;
import dev.chaski.chat.tool.Tool;
import dev.chaski.chat.tool.ToolCall;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The variables of a template, as transformers' {@code apply_chat_template} names and shapes them.
 * What nobody but us can have written, as roles and special tokens, counts as the template's own
 * text.
 */
final class TemplateContext {
  /** Templates use these two without asking whether there are such. */
  private static final TemplateText NO_TOKEN = new TemplateText("");

  private final Map<String, String> namedTokens;
  private final TemplateOptions options;
  private final CallShape shape;

  TemplateContext(Map<String, String> namedTokens, TemplateOptions options, CallShape shape) {
    this.namedTokens = namedTokens;
    this.options = options;
    this.shape = shape;
  }

  Map<String, Object> of(ChatPrompt prompt) {
    Map<String, Object> context = new HashMap<>();
    context.put("bos_token", NO_TOKEN);
    context.put("eos_token", NO_TOKEN);
    namedTokens.forEach((name, spelling) -> context.put(name, new TemplateText(spelling)));
    context.put("messages", prompt.messages().stream().map(this::message).toList());
    context.put("add_generation_prompt", prompt.addGenerationPrompt());
    context.put("documents", null);
    context.put(
        "tools",
        prompt.tools().isEmpty() ? null : prompt.tools().stream().map(Tool::toOpenAi).toList());
    context.putAll(options.arguments());
    return context;
  }

  private Map<String, Object> message(Message message) {
    List<ToolCall> calls = message.toolCalls();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("role", new TemplateText(message.role().spelling()));
    fields.put("content", content(message));
    if (!calls.isEmpty()) {
      fields.put("tool_calls", calls.stream().map(this::call).toList());
    }
    message
        .answeredCall()
        .ifPresent(call -> {
          fields.put("tool_call_id", call.id());
          fields.put("name", call.name());
        });
    return fields;
  }

  /** Templates take a missing text as the sign of a turn that only calls tools. */
  private static Object content(Message message) {
    return message.content().isEmpty() && !message.toolCalls().isEmpty() ? null : message.content();
  }

  private Map<String, Object> call(ToolCall call) {
    return switch (shape) {
      case OBJECTS -> call.toTemplate();
      case STRINGS -> call.toOpenAi();
    };
  }
}
