package dev.chaski.langchain4j;

import dev.chaski.Chaski;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.service.AiServices;

/** The README's example: what stands between the marks is what is printed there. */
final class ReadmeAssistant {
  private ReadmeAssistant() {}

  // README: begin langchain4j
  interface Assistant {
    String chat(String message);
  }

  static class Weather {
    @Tool(name = "get_current_weather", value = "Get the current weather of a city")
    String weather(@P(name = "city", value = "The name of the city") String city) {
      return "{\"city\": \"%s\", \"temperature\": 21, \"condition\": \"sunny\"}".formatted(city);
    }
  }

  static String ask(Chaski chaski, String question) {
    try (ChaskiChatModel model = new ChaskiChatModel(chaski)) {
      Assistant assistant =
          AiServices.builder(Assistant.class).chatModel(model).tools(new Weather()).build();
      return assistant.chat(question);
    }
  }
  // README: end langchain4j
}
