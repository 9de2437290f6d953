package dev.chaski.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.Chaski;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.SystemMessage;
import dev.langchain4j.service.TokenStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** LangChain4j's own services talk with Cria. */
@Timeout(120)
class AiServicesTest {
  private static Chaski chaski;
  private static ChaskiChatModel model;
  private static ChaskiStreamingChatModel streaming;

  @BeforeAll
  static void open() throws IOException {
    chaski = Cria.open();
    model = new ChaskiChatModel(chaski, Cria.GREEDY);
    streaming = new ChaskiStreamingChatModel(chaski, Cria.GREEDY);
  }

  @AfterAll
  static void close() {
    streaming.close();
    model.close();
    chaski.close();
  }

  /** Talks. */
  interface Assistant {
    String chat(String message);
  }

  /** Talks as it is told. */
  interface Pirate {
    @SystemMessage("You are a pirate. Talk like a pirate.")
    String chat(String message);
  }

  /** Talks piece by piece. */
  interface StreamingAssistant {
    TokenStream chat(String message);
  }

  /** What can be called. */
  static final class Weather {
    private final List<String> cities = new ArrayList<>();

    @Tool(name = "get_current_weather", value = "Get the current weather of a city")
    String weather(@P(name = "city", value = "The name of the city") String city) {
      cities.add(city);
      return "{\"city\": \"" + city + "\", \"temperature\": 21, \"condition\": \"sunny\"}";
    }
  }

  /** What is wanted. */
  record Person(String name, int age) {}

  /** Finds persons. */
  interface Extractor {
    Person person(String text);
  }

  @Test
  void anAssistantRemembers() {
    Assistant assistant =
        AiServices.builder(Assistant.class)
            .chatModel(model)
            .chatMemory(MessageWindowChatMemory.withMaxMessages(10))
            .build();
    assertThat(assistant.chat("My name is Tom.")).contains("Tom");
    assertThat(assistant.chat("What is my name?")).isEqualTo("Your name is Tom.");
  }

  @Test
  void systemMessagesArePassedOn() {
    Pirate pirate = AiServices.builder(Pirate.class).chatModel(model).build();
    assertThat(pirate.chat("What is the capital of Peru?"))
        .isEqualTo("Arr, matey! The capital of Peru is Lima.");
  }

  @Test
  void toolsAreCalled() {
    Weather weather = new Weather();
    Assistant assistant =
        AiServices.builder(Assistant.class).chatModel(model).tools(weather).build();
    assertThat(assistant.chat("What is the weather in Toronto?"))
        .isEqualTo("It is 21 degrees and sunny in Toronto.");
    assertThat(weather.cities).containsExactly("Toronto");
  }

  @Test
  void recordsAreReturned() {
    Extractor extractor = AiServices.builder(Extractor.class).chatModel(model).build();
    Person person = extractor.person("Write JSON with the name Ada and the age 36.");
    assertThat(person.name()).isNotEmpty();
  }

  @Test
  void answersAreStreamed() {
    StreamingAssistant assistant =
        AiServices.builder(StreamingAssistant.class).streamingChatModel(streaming).build();
    List<String> pieces = new ArrayList<>();
    ChatResponse response = complete(assistant.chat("What is the capital of France?"), pieces);
    assertThat(response.aiMessage().text()).isEqualTo("The capital of France is Paris.");
    assertThat(pieces).hasSizeGreaterThan(3);
    assertThat(String.join("", pieces)).isEqualTo(response.aiMessage().text());
  }

  @Test
  void toolsAreCalledWhileStreaming() {
    Weather weather = new Weather();
    StreamingAssistant assistant =
        AiServices.builder(StreamingAssistant.class)
            .streamingChatModel(streaming)
            .tools(weather)
            .build();
    List<String> pieces = new ArrayList<>();
    complete(assistant.chat("What is the weather in Toronto?"), pieces);
    assertThat(String.join("", pieces)).isEqualTo("It is 21 degrees and sunny in Toronto.");
    assertThat(weather.cities).containsExactly("Toronto");
  }

  private static ChatResponse complete(TokenStream stream, List<String> pieces) {
    CompletableFuture<ChatResponse> done = new CompletableFuture<>();
    stream
        .onPartialResponse(pieces::add)
        .onCompleteResponse(done::complete)
        .onError(done::completeExceptionally)
        .start();
    return done.join();
  }
}
