package dev.chaski;

import dev.chaski.chat.TemplateOptions;
import dev.chaski.chat.tool.Tool;
import dev.chaski.chat.tool.ToolChoice;
import dev.chaski.generate.GenerationOptions;
import java.util.List;
import java.util.Objects;

/**
 * How a conversation goes.
 *
 * @param system what the model is told before it; empty for nothing
 * @param generation how answers are generated
 * @param tools what the model may ask to have called
 * @param toolChoice whether it may, must or must not
 * @param template what the chat template is given besides
 * @param whenFull what happens to a conversation that outgrows its context
 */
public record ChatOptions(
    String system,
    GenerationOptions generation,
    List<Tool> tools,
    ToolChoice toolChoice,
    TemplateOptions template,
    WhenFull whenFull) {
  /** All are there. */
  public ChatOptions {
    Objects.requireNonNull(system, "system");
    Objects.requireNonNull(generation, "generation");
    Objects.requireNonNull(toolChoice, "toolChoice");
    Objects.requireNonNull(template, "template");
    Objects.requireNonNull(whenFull, "whenFull");
    tools = List.copyOf(tools);
  }

  /** A conversation without tools, with the model's template, until the context is full. */
  public ChatOptions(String system, GenerationOptions generation) {
    this(
        system,
        generation,
        List.of(),
        ToolChoice.auto(),
        TemplateOptions.defaults(),
        WhenFull.FAIL);
  }

  /** No system message, default generation. */
  public static ChatOptions defaults() {
    return new ChatOptions("", GenerationOptions.defaults());
  }

  /** The same with another system message. */
  public ChatOptions withSystem(String newSystem) {
    return new ChatOptions(newSystem, generation, tools, toolChoice, template, whenFull);
  }

  /** The same with another way to generate. */
  public ChatOptions withGeneration(GenerationOptions newGeneration) {
    return new ChatOptions(system, newGeneration, tools, toolChoice, template, whenFull);
  }

  /** The same with these tools. */
  public ChatOptions withTools(List<Tool> newTools) {
    return new ChatOptions(system, generation, newTools, toolChoice, template, whenFull);
  }

  /**
   * The same with answers that may, must or must not call a tool. Those that may, and have a
   * response format, are either a call or in the format.
   */
  public ChatOptions withToolChoice(ToolChoice newToolChoice) {
    return new ChatOptions(system, generation, tools, newToolChoice, template, whenFull);
  }

  /** The same with other options of the chat template. */
  public ChatOptions withTemplate(TemplateOptions newTemplate) {
    return new ChatOptions(system, generation, tools, toolChoice, newTemplate, whenFull);
  }

  /** The same with another end, or none, for a conversation that outgrows its context. */
  public ChatOptions withWhenFull(WhenFull newWhenFull) {
    return new ChatOptions(system, generation, tools, toolChoice, template, newWhenFull);
  }

  /** Whether the model may call something: a tool, or one of those that Llama 3.1 brings. */
  boolean expectsToolCalls() {
    return !shownTools().isEmpty()
        || (!(toolChoice instanceof ToolChoice.None)
            && template.arguments().containsKey("builtin_tools"));
  }

  /** The tools that the model is told of. */
  List<Tool> shownTools() {
    return toolChoice instanceof ToolChoice.None ? List.of() : tools;
  }
}
