package dev.chaski.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.chaski.SharedFiles;
import dev.chaski.chat.tool.Tool;
import dev.chaski.chat.tool.ToolCall;
import dev.chaski.tokenizer.BpeTokenizer;
import dev.chaski.tokenizer.SpecialTokens;
import dev.chaski.tokenizer.TokenizerFormatException;
import dev.chaski.tokenizer.TokenizerJson;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

class ChatTemplateTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2024-07-26T12:34:56.789Z"), ZoneOffset.UTC);
  private static final TemplateOptions OPTIONS = TemplateOptions.defaults().withClock(CLOCK);
  private static final Tool WEATHER =
      Tool.of(
          "get_weather",
          "Get the weather of a city.",
          """
          {"type": "object",
           "properties": {"city": {"type": "string", "description": "Name of the city"}},
           "required": ["city"]}
          """);
  private static final ToolCall OSLO =
      new ToolCall("call_1", "get_weather", Map.of("city", "Oslo"));
  private static final ToolCall LIMA =
      new ToolCall("call_2", "get_weather", Map.of("city", "Lima"));
  private static final List<Message> TWO_CALLS =
      List.of(
          Message.user("Weather in Oslo and Lima?"),
          Message.assistant("", List.of(OSLO, LIMA)),
          Message.tool(OSLO, "cold"),
          Message.tool(LIMA, "mild"));

  private static ChatTemplate shared(String... namesAndFiles) throws IOException {
    Map<String, String> sources = new LinkedHashMap<>();
    for (int i = 0; i < namesAndFiles.length; i += 2) {
      sources.put(
          namesAndFiles[i],
          Files.readString(
              SharedFiles.require("vectors/chat/templates/" + namesAndFiles[i + 1] + ".jinja")));
    }
    return ChatTemplate.ofCheckpoint(
        sources, Map.of("bos_token", "<|begin_of_text|>", "eos_token", "<|im_end|>"));
  }

  private static String render(ChatTemplate template, List<Message> messages, Tool... tools) {
    return template.render(new ChatPrompt(messages, List.of(tools), true), OPTIONS);
  }

  /** The goldens whose context our types can say. */
  @TestFactory
  Stream<DynamicTest> rendersAndEncodesTheGoldens() throws IOException, TokenizerFormatException {
    BpeTokenizer tokenizer =
        TokenizerJson.read(SharedFiles.require("models/llama-3.1-tokenizer/tokenizer.json"));
    List<Map<String, Object>> rows = new ArrayList<>();
    for (String line : Files.readAllLines(SharedFiles.require("vectors/chat/public.jsonl"))) {
      rows.add(JsonMapper.shared().readValue(line, new TypeReference<Map<String, Object>>() {}));
    }
    List<DynamicTest> tests = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      Map<String, Object> row = rows.get(i);
      Optional<Golden> golden = golden(row);
      if (golden.isPresent()) {
        tests.add(
            DynamicTest.dynamicTest(
                "row " + i + ": " + row.get("template"), () -> golden.get().check(tokenizer)));
      }
    }
    assertThat(tests).hasSizeGreaterThan(25);
    return tests.stream();
  }

  private record Golden(
      ChatTemplate template, ChatPrompt prompt, TemplateOptions options, String rendered) {
    void check(BpeTokenizer tokenizer) {
      assertThat(template.render(prompt, options)).isEqualTo(rendered);
      // No message holds a special token, so the rendering as a whole has the same ids.
      assertThat(prompt.messages())
          .noneMatch(message -> tokenizer.split(message.content(), SpecialTokens.PARSE).size() > 1);
      assertThat(new ChatEncoder(tokenizer, OptionalInt.empty(), template, options).encode(prompt))
          .isEqualTo(tokenizer.encode(rendered, SpecialTokens.PARSE));
    }
  }

  private static Optional<Golden> golden(Map<String, Object> row) throws IOException {
    Map<String, Object> context = new HashMap<>(object(row.get("context")));
    List<Message> messages = new ArrayList<>();
    for (Object element : (List<?>) context.remove("messages")) {
      Map<String, Object> message = object(element);
      boolean plain = message.keySet().equals(Set.of("role", "content"));
      Optional<Role> role = role(message.get("role"));
      if (!plain || role.isEmpty() || !(message.get("content") instanceof String content)) {
        return Optional.empty();
      }
      messages.add(new Message(role.get(), content));
    }
    boolean toolResults = messages.stream().anyMatch(message -> message.role() == Role.TOOL);
    if (toolResults && !context.containsKey("tools")) {
      return Optional.empty(); // for a template without tools we write them otherwise
    }
    Map<String, String> tokens =
        Map.of(
            "bos_token", context.remove("bos_token").toString(),
            "eos_token", context.remove("eos_token").toString());
    boolean prompt = (Boolean) context.remove("add_generation_prompt");
    TemplateOptions options = OPTIONS;
    for (Map.Entry<String, Object> argument : context.entrySet()) {
      options = options.withArgument(argument.getKey(), argument.getValue());
    }
    String source =
        Files.readString(SharedFiles.require("vectors/chat/templates/" + row.get("template")));
    return Optional.of(
        new Golden(
            ChatTemplate.ofCheckpoint(Map.of("default", source), tokens),
            new ChatPrompt(messages, List.of(), prompt),
            options,
            row.get("rendered").toString()));
  }

  private static Optional<Role> role(Object spelling) {
    return Stream.of(Role.values())
        .filter(role -> role.name().toLowerCase(Locale.ROOT).equals(spelling))
        .findFirst();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> object(Object value) {
    return (Map<String, Object>) value;
  }

  @Test
  void theTemplateForToolsIsUsedWhenThereAreSome() throws IOException {
    ChatTemplate hermes = shared("default", "hermes-3-default", "tool_use", "hermes-3-tool_use");
    List<Message> hello = List.of(Message.user("Hi"));
    assertThat(render(hermes, hello))
        .isEqualTo(
            "<|begin_of_text|><|im_start|>system\nYou are a helpful assistant.<|im_end|>\n"
                + "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n");
    assertThat(render(hermes, hello, WEATHER))
        .contains("You are a function calling AI model.")
        .contains("\"description\": \"get_weather(city: str) - Get the weather of a city.");
    assertThat(render(hermes, TWO_CALLS, WEATHER))
        .endsWith(
            """
            <|im_start|>assistant
            <tool_call>
            {"name": "get_weather", "arguments": {"city": "Oslo"}}
            </tool_call>
            <tool_call>
            {"name": "get_weather", "arguments": {"city": "Lima"}}
            </tool_call><|im_end|>
            <|im_start|>tool
            <tool_response>
            cold
            </tool_response>
            <tool_response>
            mild
            </tool_response><|im_end|><|im_start|>assistant
            """);
    assertThat(hermes.description()).isEqualTo("the model's own template (default, tool_use)");
  }

  /** Llama 3.1 raises an error for two calls of one turn: they are told one after the other. */
  @Test
  void callsAreSeparatedForATemplateThatTakesSingleOnes() throws IOException {
    assertThat(render(shared("default", "llama-3.1-instruct"), TWO_CALLS, WEATHER))
        .contains("Given the following functions, please respond with a JSON")
        .endsWith(
            """
            {"name": "get_weather", "parameters": {"city": "Oslo"}}<|eot_id|>\
            <|start_header_id|>ipython<|end_header_id|>

            "cold"<|eot_id|>\
            <|start_header_id|>assistant<|end_header_id|>

            {"name": "get_weather", "parameters": {"city": "Lima"}}<|eot_id|>\
            <|start_header_id|>ipython<|end_header_id|>

            "mild"<|eot_id|>\
            <|start_header_id|>assistant<|end_header_id|>

            """);
  }

  /** Some want arguments as a string of JSON, as OpenAI has them, and fail for an object. */
  @Test
  void argumentsAreAStringWhereTheTemplateWantsThat() {
    ChatTemplate template =
        ChatTemplate.ofCaller(
            "{{ tools[0].function.name }}{% for m in messages %}{% for c in m.tool_calls %}"
                + "|{{ c.function.name + ':' + c.function.arguments }}{% endfor %}{% endfor %}",
            Map.of());
    assertThat(render(template, TWO_CALLS, WEATHER))
        .isEqualTo("get_weather|get_weather:{\"city\": \"Oslo\"}|get_weather:{\"city\": \"Lima\"}");
  }

  @Test
  void aModelWhoseTemplateKnowsNoToolsIsToldInTheSystemMessage() throws IOException {
    ChatTemplate tulu = shared("default", "tulu-3");
    List<Message> messages = new ArrayList<>(TWO_CALLS);
    messages.addFirst(Message.system("Be kind."));
    assertThat(render(tulu, messages, WEATHER))
        .startsWith(
            "<|system|>\n"
                + "Be kind.\n\n"
                + "You can call functions. These are available:\n"
                + "<tools>[{\"type\":")
        .contains("\"name\": \"get_weather\", \"description\": \"Get the weather of a city.\"")
        .endsWith(
            """
            <|assistant|>
            <tool_call>
            {"name": "get_weather", "arguments": {"city": "Oslo"}}
            </tool_call>
            <tool_call>
            {"name": "get_weather", "arguments": {"city": "Lima"}}
            </tool_call><|im_end|>
            <|user|>
            <tool_response>
            cold
            </tool_response>
            <tool_response>
            mild
            </tool_response>
            <|assistant|>
            """);
  }

  @Test
  void theClockStandsStillAndTheDateCanBeGiven() throws IOException {
    ChatTemplate newer = shared("default", "llama-3.2-instruct");
    List<Message> hello = List.of(Message.user("Hi"));
    assertThat(render(newer, hello)).contains("Today Date: 26 Jul 2024\n");
    TemplateOptions later =
        OPTIONS.withClock(Clock.fixed(Instant.parse("2025-02-03T00:00:00Z"), ZoneOffset.UTC));
    assertThat(newer.render(ChatPrompt.of(hello), later)).contains("Today Date: 03 Feb 2025\n");
    ChatTemplate older = shared("default", "llama-3.1-instruct");
    assertThat(older.render(ChatPrompt.of(hello), later)).contains("Today Date: 26 Jul 2024\n");
    assertThat(older.render(ChatPrompt.of(hello), later.withArgument("date_string", "1 Apr 2030")))
        .contains("Today Date: 1 Apr 2030\n");
  }

  @Test
  void withoutADefaultTheFirstTemplateIsTaken() {
    ChatTemplate template =
        ChatTemplate.ofCheckpoint(Map.of("rag", "r{{ messages|length }}"), Map.of());
    assertThat(render(template, List.of(Message.user("Hi")))).isEqualTo("r1");
  }

  @Test
  void whatIsWrongIsSaid() {
    assertThatExceptionOfType(ChatTemplateException.class)
        .isThrownBy(() -> ChatTemplate.ofCaller("a{% endif %}", Map.of()))
        .withMessageStartingWith("the chat template 'default' is not one we understand: template")
        .withMessageEndingWith("; give another one");
    ChatTemplate refusing =
        ChatTemplate.ofCaller("{{ raise_exception('Roles must alternate.') }}", Map.of());
    assertThatExceptionOfType(ChatTemplateException.class)
        .isThrownBy(() -> render(refusing, List.of(Message.user("Hi"))))
        .withMessage("the chat template refuses the conversation: Roles must alternate.");
    ChatTemplate failing = ChatTemplate.ofCaller("{{ messages + 1 }}", Map.of());
    assertThatExceptionOfType(ChatTemplateException.class)
        .isThrownBy(() -> render(failing, List.of(Message.user("Hi"))))
        .withMessageStartingWith("the chat template fails: template line 1: ");
    ChatTemplate endless =
        ChatTemplate.ofCaller(
            "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
            Map.of());
    assertThatExceptionOfType(ChatTemplateException.class)
        .isThrownBy(() -> render(endless, List.of(Message.user("Hi"))))
        .withMessageContaining("template stopped: it needs more than the 2000000 steps");
  }

  @Test
  void callsAreWrittenWithTheKeysOfTheFamily() throws IOException {
    CallKeys llama = new CallKeys("name", "parameters");
    assertThat(shared("default", "llama-3.1-instruct").callKeys(OPTIONS)).isEqualTo(llama);
    assertThat(shared("default", "llama-3.2-instruct").callKeys(OPTIONS)).isEqualTo(llama);
    assertThat(
            shared("default", "hermes-3-default", "tool_use", "hermes-3-tool_use")
                .callKeys(OPTIONS))
        .isEqualTo(CallKeys.USUAL);
    assertThat(shared("default", "tulu-3").callKeys(OPTIONS))
        .as("one that knows of no tools is told of them in the form of Hermes")
        .isEqualTo(CallKeys.USUAL);
    String storm =
        "{% for m in messages %}{{ m.content }}{% for c in m.tool_calls or [] %}<tool_call>"
            + "{'tool_name': '{{ c.function.name }}', 'tool_arguments':"
            + " {{ c.function.arguments | string }}}</tool_call>{% endfor %}{% endfor %}"
            + "{{ tools | tojson }}";
    assertThat(ChatTemplate.ofCaller(storm, Map.of()).callKeys(OPTIONS))
        .isEqualTo(new CallKeys("tool_name", "tool_arguments"));
  }
}
