package dev.chaski;

import dev.chaski.chat.tool.Tool;
import dev.chaski.generate.GenerationOptions;
import dev.chaski.generate.ResponseFormat;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/** The examples section of the README: what stands between two marks is what is printed there. */
final class ReadmeExamples {
  private ReadmeExamples() {}

  // README: begin tools
  static String weather(Chaski chaski) throws IOException {
    Tool weather =
        Tool.of(
            "get_current_weather",
            "Get the current weather of a city",
            """
            {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
            """);
    try (ChatSession chat = chaski.chat(ChatOptions.defaults().withTools(List.of(weather)))) {
      return chat.send(
              "What is the weather in Lima?",
              call ->
                  "{\"city\": \"%s\", \"temperature\": 21}".formatted(call.arguments().get("city")),
              ChatListener.NONE)
          .text();
    }
  }

  // README: end tools

  // README: begin structured
  static String person(Chaski chaski) throws IOException {
    ResponseFormat format =
        ResponseFormat.jsonSchema(
            """
            {"type": "object",
             "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
             "required": ["name", "age"]}
            """);
    GenerationOptions json = GenerationOptions.defaults().withResponseFormat(format);
    try (ChatSession chat = chaski.chat(ChatOptions.defaults().withGeneration(json))) {
      return chat.send("Write JSON with the name Ada and the age 36.").text();
    }
  }

  // README: end structured

  // README: begin streaming
  static void stream(Chaski chaski) throws IOException {
    try (ChatSession chat = chaski.chat(ChatOptions.defaults());
        Stream<String> answer = chat.stream("Count to 5.")) {
      answer.forEach(System.out::print);
    }
  }
  // README: end streaming
}
