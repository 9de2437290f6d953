package dev.chaski.chat;

import dev.chaski.chat.jinja.JinjaException;
import dev.chaski.chat.jinja.JinjaTemplate;
import dev.chaski.chat.jinja.Piece;
import dev.chaski.chat.jinja.RenderLimits;
import dev.chaski.chat.jinja.TemplateException;
import dev.chaski.chat.tool.Tool;
import dev.chaski.chat.tool.ToolCall;
import dev.chaski.tokenizer.BpeTokenizer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * How a model wants a conversation written: Jinja templates, {@code default} and maybe {@code
 * tool_use} for conversations with tools. Safe to share between threads.
 *
 * <p>Tools go to the model, and calls and results back to it, in the form of its template. One that
 * knows of no tools is told of them in the system message, in the form of Hermes.
 */
public final class ChatTemplate {
  /** Where a template comes from. */
  public enum Origin {
    /** The model's file or folder. */
    CHECKPOINT,
    /** The caller. */
    CALLER,
    /** The model has none; its special tokens tell the layout. */
    GUESS
  }

  private static final String DEFAULT = "default";
  private static final String TOOL_USE = "tool_use";
  private static final String PROBE_ARGUMENT = "probe_argument";
  private static final Tool PROBE = new Tool("probe_tool", "Probes.", Map.of("type", "object"));

  private final Origin origin;
  private final String name;
  private final Map<String, String> sources;
  private final Map<String, String> namedTokens;
  private final Map<String, JinjaTemplate> parsed = new ConcurrentHashMap<>();
  private volatile Optional<Boolean> toolsKnown = Optional.empty();

  private ChatTemplate(
      Origin origin, String name, Map<String, String> sources, Map<String, String> namedTokens) {
    this.origin = origin;
    this.name = name;
    this.sources = Collections.unmodifiableMap(new LinkedHashMap<>(sources));
    this.namedTokens = Map.copyOf(namedTokens);
    if (sources.isEmpty()) {
      throw new IllegalArgumentException("there is no template source");
    }
    parse(nameFor(List.of()));
  }

  /**
   * The templates of a checkpoint.
   *
   * @param sources Jinja sources by name, not empty
   * @param namedTokens spellings of special tokens by the names of variables, {@code bos_token}
   * @throws ChatTemplateException if the default template is no Jinja that we understand
   */
  public static ChatTemplate ofCheckpoint(
      Map<String, String> sources, Map<String, String> namedTokens) {
    return new ChatTemplate(
        Origin.CHECKPOINT, String.join(", ", sources.keySet()), sources, namedTokens);
  }

  /**
   * A template of the caller's.
   *
   * @throws ChatTemplateException if it is no Jinja that we understand
   */
  public static ChatTemplate ofCaller(String source, Map<String, String> namedTokens) {
    return new ChatTemplate(Origin.CALLER, DEFAULT, Map.of(DEFAULT, source), namedTokens);
  }

  /** The layout that a vocabulary was made for, judged by its special tokens. */
  public static Optional<ChatTemplate> guess(BpeTokenizer tokenizer) {
    if (isSpecial(tokenizer, "<|start_header_id|>") && isSpecial(tokenizer, "<|eot_id|>")) {
      return Optional.of(guessed("llama-3", KnownLayouts.LLAMA_3));
    }
    if (isSpecial(tokenizer, "<|im_start|>") && isSpecial(tokenizer, "<|im_end|>")) {
      return Optional.of(guessed("chatml", KnownLayouts.CHATML));
    }
    return Optional.empty();
  }

  private static ChatTemplate guessed(String name, String source) {
    return new ChatTemplate(Origin.GUESS, name, Map.of(DEFAULT, source), Map.of());
  }

  private static boolean isSpecial(BpeTokenizer tokenizer, String spelling) {
    OptionalInt id = tokenizer.id(spelling);
    return id.isPresent() && tokenizer.isSpecial(id.getAsInt());
  }

  /** Where it comes from. */
  public Origin origin() {
    return origin;
  }

  /** What it is, in a few words for people. */
  public String description() {
    return switch (origin) {
      case CHECKPOINT -> "the model's own template (" + name + ")";
      case CALLER -> "a template that was given";
      case GUESS -> name + " layout, guessed from special tokens as the model has no template";
    };
  }

  /**
   * The conversation as text, special tokens by their spelling.
   *
   * @throws ChatTemplateException if the template refuses the conversation, or fails
   */
  public String render(ChatPrompt prompt, TemplateOptions options) {
    return renderPieces(prompt, options).stream().map(Piece::text).collect(Collectors.joining());
  }

  /** As {@link #render}, in pieces by origin. */
  List<Piece> renderPieces(ChatPrompt prompt, TemplateOptions options) {
    boolean tools =
        !prompt.tools().isEmpty()
            || prompt.messages().stream()
                .anyMatch(message -> message.role() == Role.TOOL || !message.toolCalls().isEmpty());
    if (!tools) {
      return renderWithoutTools(prompt, options);
    }
    if (!knowsTools(options)) {
      return renderWithoutTools(PlainTools.rewrite(prompt), options);
    }
    return renderWithTools(prompt, options);
  }

  /** That there are no tools is told by null; a few templates need an empty list. */
  private List<Piece> renderWithoutTools(ChatPrompt prompt, TemplateOptions options) {
    try {
      return renderAs(prompt, options, CallShape.OBJECTS);
    } catch (ChatTemplateException e) {
      try {
        return renderAs(prompt, options.withArgument("tools", List.of()), CallShape.OBJECTS);
      } catch (ChatTemplateException _) {
        throw e;
      }
    }
  }

  /**
   * Templates differ in what they take for calls: arguments as an object or as a string of JSON,
   * and several calls of one turn or only single ones. They fail for what they do not take.
   */
  private List<Piece> renderWithTools(ChatPrompt prompt, TemplateOptions options) {
    ChatTemplateException first = null;
    for (ChatPrompt form : List.of(prompt, SingleCalls.rewrite(prompt))) {
      for (CallShape shape : CallShape.values()) {
        try {
          return renderAs(form, options, shape);
        } catch (ChatTemplateException e) {
          first = first == null ? e : first;
        }
      }
    }
    throw first;
  }

  private List<Piece> renderAs(ChatPrompt prompt, TemplateOptions options, CallShape shape) {
    JinjaTemplate template = parse(nameFor(prompt.tools()));
    Map<String, Object> context = new TemplateContext(namedTokens, options, shape).of(prompt);
    try {
      return template.renderPieces(context, RenderLimits.defaults(), options.clock());
    } catch (TemplateException e) {
      String what = e.raisedByTemplate() ? "refuses the conversation: " : "fails: ";
      throw new ChatTemplateException("the chat template " + what + e.getMessage(), e);
    } catch (JinjaException e) {
      throw new ChatTemplateException("the chat template fails: " + e.getMessage(), e);
    }
  }

  /** Whether the template itself tells the model of tools. */
  private boolean knowsTools(TemplateOptions options) {
    if (toolsKnown.isEmpty()) {
      ChatPrompt probe = new ChatPrompt(List.of(Message.user("?")), List.of(PROBE), true);
      boolean known;
      try {
        known =
            renderAs(probe, options, CallShape.OBJECTS).stream()
                .map(Piece::text)
                .collect(Collectors.joining())
                .contains(PROBE.name());
      } catch (ChatTemplateException _) {
        known = true; // it does something with them; its own error will say what is wrong
      }
      toolsKnown = Optional.of(known);
    }
    return toolsKnown.get();
  }

  /** How calls are written: as the template writes those of earlier turns. */
  public CallKeys callKeys(TemplateOptions options) {
    ToolCall call = new ToolCall("call_0", PROBE.name(), Map.of(PROBE_ARGUMENT, "?"));
    List<Message> messages = List.of(Message.user("?"), Message.assistant("", List.of(call)));
    try {
      ChatPrompt probe = new ChatPrompt(messages, List.of(PROBE), false);
      return CallKeys.of(render(probe, options), PROBE.name(), PROBE_ARGUMENT);
    } catch (ChatTemplateException _) {
      return CallKeys.USUAL; // it does not want calls back, or not so
    }
  }

  /** Whether some template writes this token: then it has a meaning that text must not have. */
  boolean spells(String token) {
    return namedTokens.containsValue(token)
        || sources.values().stream().anyMatch(source -> source.contains(token));
  }

  private String nameFor(List<Tool> tools) {
    if (!tools.isEmpty() && sources.containsKey(TOOL_USE)) {
      return TOOL_USE;
    }
    return sources.containsKey(DEFAULT) ? DEFAULT : sources.keySet().iterator().next();
  }

  private JinjaTemplate parse(String which) {
    try {
      return parsed.computeIfAbsent(which, _ -> JinjaTemplate.parse(sources.get(which)));
    } catch (JinjaException e) {
      throw new ChatTemplateException(
          "the chat template '"
              + which
              + "' is not one we understand: "
              + e.getMessage()
              + "; give another one",
          e);
    }
  }
}
