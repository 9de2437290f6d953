package dev.chaski.chat.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers as the families write them, recorded or after their model cards. */
class ToolCallScannerTest {
  private static final Set<String> TOOLS = Set.of("get_weather", "add", "brave_search");

  /**
   * An answer with what is to be found in it.
   *
   * @param found text as it is, calls as {@code name{json}}, in order
   */
  record Answer(String what, String text, List<String> found) {
    @Override
    public String toString() {
      return what;
    }
  }

  private static Answer answer(String what, String text, String... found) {
    return new Answer(what, text, List.of(found));
  }

  private static final String OSLO = "get_weather{\"city\": \"Oslo\"}";
  private static final String LIMA = "get_weather{\"city\": \"Lima\"}";

  static List<Answer> answers() {
    return List.of(
        answer("text", "Hello!\n\n  How are you?\n", "Hello!\n\n  How are you?\n"),
        answer("nothing", ""),
        answer(
            "Llama 3.1", "{\"name\": \"get_weather\", \"parameters\": {\"city\": \"Oslo\"}}", OSLO),
        answer(
            "Llama 3.1 with a type",
            "{\"type\": \"function\", \"name\": \"get_weather\", \"parameters\": {\"city\":"
                + " \"Oslo\"}}",
            OSLO),
        answer(
            "Llama 3.1, several",
            """
            {"name": "get_weather", "parameters": {"city": "Oslo"}}; {"name": "get_weather", "parameters": {"city": "Lima"}}\
            """,
            OSLO,
            LIMA),
        answer(
            "Llama 3.1, one a line and a bracket too many",
            """
            {"name": "get_weather", "parameters": {"city": "Oslo"}}}
            {"name": "get_weather", "parameters": {"city": "Lima"}}
            """,
            OSLO,
            LIMA),
        answer(
            "Llama 3.1, without its last bracket",
            "{\"name\": \"get_weather\", \"parameters\": {\"city\": \"Oslo\"}",
            OSLO),
        answer(
            "Llama 3.1 after words",
            "I will look.\n\n{\"name\": \"get_weather\", \"parameters\": {\"city\": \"Oslo\"}}",
            "I will look.",
            OSLO),
        answer(
            "Llama 3.1 built-in tool",
            "<|python_tag|>brave_search.call(query=\"weather in \\\"Oslo\\\"\")",
            "brave_search{\"query\": \"weather in \\\"Oslo\\\"\"}"),
        answer(
            "Llama 3.1 object after the tag",
            "<|python_tag|>{\"name\": \"get_weather\", \"parameters\": {\"city\": \"Oslo\"}}",
            OSLO),
        answer(
            "Llama 3.1 program",
            "<|python_tag|>import math\nprint(math.pi)\n",
            "code_interpreter{\"code\": \"import math\\nprint(math.pi)\"}"),
        answer(
            "Llama 3.1 custom format",
            "<function=get_weather>{\"city\": \"Oslo\"}</function>",
            OSLO),
        answer(
            "Llama 3.2 Python list",
            "[get_weather(city='Oslo'), add(a=1, b=-2.5)]",
            OSLO,
            "add{\"a\": 1, \"b\": -2.5}"),
        answer(
            "Hermes",
            "<tool_call>\n"
                + "{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Oslo\"}}\n"
                + "</tool_call>",
            OSLO),
        answer(
            "Hermes, several with words around",
            """
            I will call two.
            <tool_call>
            {"name": "get_weather", "arguments": {"city": "Oslo"}}
            </tool_call>
            <tool_call>
            {"name": "get_weather", "arguments": {"city": "Lima"}}
            </tool_call>
            Wait, please.\
            """,
            "I will call two.",
            OSLO,
            LIMA,
            "Wait, please."),
        answer(
            "Hermes in Python quotes",
            "<tool_call>\n{'arguments': {'city': 'Oslo'}, 'name': 'get_weather'}\n</tool_call>",
            OSLO),
        answer(
            "Hermes without its last bracket and end",
            "<tool_call>\n{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Oslo\"}\n",
            OSLO),
        answer(
            "Hermes, bracket too many",
            "<tool_call>{\"name\": \"get_weather\", \"arguments\": {\"city\":"
                + " \"Oslo\"}}}</tool_call>",
            OSLO),
        answer(
            "Hermes, forgot to close the first",
            "<tool_call>{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Oslo\"}}\n"
                + "<tool_call>{\"name\": \"get_weather\", \"arguments\": {\"city\":"
                + " \"Lima\"}}</tool_call>",
            OSLO,
            LIMA),
        answer(
            "Hermes with a tool that does not exist",
            "<tool_call>{\"name\": \"made_up\", \"arguments\": {}}</tool_call>",
            "made_up{}"),
        answer(
            "Storm",
            "<tool_call>{\"tool_name\": \"get_weather\", \"tool_arguments\": {\"city\":"
                + " \"Oslo\"}}</tool_call>",
            OSLO),
        answer(
            "Storm in Python quotes",
            "<tool_call>{'tool_name': 'add', 'tool_arguments': {'a': 1, 'b': None, 'c': True,"
                + " 'd': [1.5, \"it's\"], 'e': 'don't',}}</tool_call>",
            "add{\"a\": 1, \"b\": null, \"c\": true, \"d\": [1.5, \"it's\"], \"e\": \"don't\"}"),
        answer(
            "OpenAI's own shape",
            "{\"id\": \"x\", \"type\": \"function\", \"function\": {\"name\": \"get_weather\","
                + " \"arguments\": \"{\\\"city\\\": \\\"Oslo\\\"}\"}}",
            OSLO),
        answer(
            "a list",
            "[{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Oslo\"}},"
                + " {\"name\": \"add\", \"arguments\": {}}]",
            OSLO,
            "add{}"),
        answer("no arguments", "{\"name\": \"add\"}", "add{}"),
        answer("other JSON", "{\"city\": \"Oslo\"}\n", "{\"city\": \"Oslo\"}\n"),
        answer(
            "JSON that names no tool",
            "{\"name\": \"Ada\", \"age\": 36}",
            "{\"name\": \"Ada\", \"age\": 36}"),
        answer(
            "a list that is none of calls",
            "[1] first\n[add] second\n[ ] third\n{x}",
            "[1] first\n[add] second\n[ ] third\n{x}"),
        answer(
            "an object in the middle of a line",
            "So: {\"name\": \"add\", \"arguments\": {}}",
            "So: {\"name\": \"add\", \"arguments\": {}}"),
        answer(
            "a broken call",
            "<tool_call>get weather of Oslo</tool_call> Sorry.",
            "<tool_call>get weather of Oslo</tool_call> Sorry."),
        answer(
            "arguments that are no object",
            "<tool_call>{\"name\": \"add\", \"arguments\": [1, 2]}</tool_call>",
            "<tool_call>{\"name\": \"add\", \"arguments\": [1, 2]}</tool_call>"),
        answer("half a mark", "a < b <tool_ca", "a < b <tool_ca"),
        answer(
            "marks inside arguments",
            "{\"name\": \"add\", \"arguments\": {\"a\": \"<|python_tag|>\\n{\"}}",
            "add{\"a\": \"<|python_tag|>\\n{\"}"));
  }

  /** Adds up neighbouring text, as how it is cut is nobody's business. */
  private static final class Found implements ToolCallListener {
    private final List<String> found = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final List<String> ids = new ArrayList<>();

    @Override
    public void onText(String piece) {
      assertThat(piece).isNotEmpty();
      text.append(piece);
    }

    @Override
    public void onToolCall(ToolCall call) {
      flush();
      ids.add(call.id());
      found.add(call.name() + call.argumentsJson());
    }

    void flush() {
      if (!text.isEmpty()) {
        found.add(text.toString());
        text.setLength(0);
      }
    }
  }

  private static Found scan(List<String> pieces, boolean whole) {
    Found found = new Found();
    int[] calls = {0};
    ToolCallScanner scanner = new ToolCallScanner(TOOLS, () -> "call_" + ++calls[0], found);
    pieces.forEach(scanner::accept);
    scanner.finish(whole);
    found.flush();
    return found;
  }

  @ParameterizedTest
  @MethodSource("answers")
  void separatesTextFromCalls(Answer answer) {
    assertThat(scan(List.of(answer.text()), true).found).isEqualTo(answer.found());
  }

  @ParameterizedTest
  @MethodSource("answers")
  void howItIsCutMakesNoDifference(Answer answer) {
    Random random = new Random(7);
    for (int run = 0; run < 30; run++) {
      List<String> pieces = new ArrayList<>();
      for (int at = 0; at < answer.text().length(); ) {
        int end = Math.min(answer.text().length(), at + (run == 0 ? 1 : 1 + random.nextInt(12)));
        pieces.add(answer.text().substring(at, end));
        at = end;
      }
      assertThat(scan(pieces, true).found).as("%s", pieces).isEqualTo(answer.found());
    }
  }

  @Test
  void callsGetIdsInTheirOrder() {
    String two = "<tool_call>{\"name\": \"add\"}</tool_call>".repeat(2);
    assertThat(scan(List.of(two), true).ids).containsExactly("call_1", "call_2");
  }

  /** Of an answer that was cut off nobody knows what the call was going to be. */
  @Test
  void aCallThatWasCutOffIsText() {
    for (String cut :
        List.of(
            "{\"name\": \"add\", \"parameters\": {\"a\": 1",
            "<tool_call>{\"name\": \"add\", \"arguments\": {\"a\": 1",
            "<|python_tag|>delete_all(",
            "<function=add>{}")) {
      assertThat(scan(List.of(cut), false).found).containsExactly(cut);
    }
    String whole = "<tool_call>{\"name\": \"add\", \"arguments\": {\"a\": 1}}";
    assertThat(scan(List.of(whole), false).found).containsExactly("add{\"a\": 1}");
  }

  /** Text comes at once; only what may be a call waits. */
  @Test
  void textIsNotHeldBackLongerThanItMustBe() {
    Found found = new Found();
    ToolCallScanner scanner = new ToolCallScanner(TOOLS, () -> "id", found);
    scanner.accept("Hello");
    assertThat(found.text).asString().isEqualTo("Hello");
    scanner.accept(", {\n{\"ci");
    assertThat(found.text).asString().isEqualTo("Hello, {\n{\"ci");
    scanner.accept("ty\": 1}\n{\"na");
    assertThat(found.text).asString().isEqualTo("Hello, {\n{\"city\": 1}");
    scanner.accept("me\": \"nobody\", \"arguments\": {}}");
    assertThat(found.text)
        .asString()
        .isEqualTo("Hello, {\n{\"city\": 1}\n{\"name\": \"nobody\", \"arguments\": {}}");
  }

  @Test
  void anythingIsSurvived() {
    List<String> parts =
        List.of(
            "<tool_call>",
            "</tool_call>",
            "<|python_tag|>",
            "{",
            "}",
            "[",
            "]",
            "\"",
            "'",
            ":",
            ",",
            "name",
            "add",
            "arguments",
            "\\",
            "\\u12",
            "\n",
            " ",
            "(",
            ")",
            "=",
            "1e999",
            "-",
            "None",
            "<function=",
            ">",
            "é",
            "\uD83D");
    Random random = new Random(3);
    for (int run = 0; run < 3000; run++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(25); n > 0; n--) {
        text.append(parts.get(random.nextInt(parts.size())));
      }
      List<String> whole = scan(List.of(text.toString()), true).found;
      assertThat(scan(text.chars().mapToObj(Character::toString).toList(), true).found)
          .as("%s", text)
          .isEqualTo(whole);
    }
    String deep = "<tool_call>" + "[".repeat(100_000);
    assertThat(scan(List.of(deep), true).found).containsExactly(deep);
  }
}
