package dev.chaski;

import dev.chaski.chat.tool.Tool;
import dev.chaski.generate.GenerationOptions;
import dev.chaski.generate.ResponseFormat;
import dev.chaski.generate.TokenLogProbs;
import java.io.IOException;
import java.nio.file.Path;
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

  // README: begin logprobs
  static String surest(Chaski chaski) throws IOException {
    GenerationOptions options = GenerationOptions.defaults().withLogProbs(5);
    try (ChatSession chat = chaski.chat(ChatOptions.defaults().withGeneration(options))) {
      TokenLogProbs first = chat.send("What is the capital of Peru?").logProbs().getFirst();
      return "%s: %.0f %%"
          .formatted(
              chaski.tokenizer().token(first.chosen().id()),
              100 * Math.exp(first.chosen().logProb()));
    }
  }

  // README: end logprobs

  // README: begin answers
  static List<String> ideas(Chaski chaski) throws IOException {
    try (ChatSession chat = chaski.chat(ChatOptions.defaults())) {
      return chat.answers("Tell me a story.", 3, _ -> ChatListener.NONE).stream()
          .map(ChatAnswer::text)
          .toList();
    }
  }

  // README: end answers

  // README: begin speculation
  static String sooner(Chaski chaski, Path smallModel) throws IOException {
    try (Chaski small = chaski.openBeside(smallModel)) {
      GenerationOptions options = GenerationOptions.defaults().withSpeculation(small.asDraft(4));
      try (ChatSession chat = chaski.chat(ChatOptions.defaults().withGeneration(options))) {
        return chat.send("What is the capital of France?").text();
      }
    }
  }
  // README: end speculation
}
