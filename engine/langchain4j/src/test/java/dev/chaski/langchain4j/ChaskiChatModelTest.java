package dev.chaski.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.chaski.Chaski;
import dev.chaski.format.JsonTree;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests and answers, one by one. */
@Timeout(120)
class ChaskiChatModelTest {
  private static final UserMessage FRANCE = UserMessage.from("What is the capital of France?");
  private static final ToolSpecification WEATHER =
      ToolSpecification.builder()
          .name("get_current_weather")
          .description("Get the current weather of a city")
          .parameters(
              JsonObjectSchema.builder()
                  .addStringProperty("city", "The name of the city")
                  .required("city")
                  .build())
          .build();

  private static Chaski chaski;
  private static ChaskiChatModel model;

  @BeforeAll
  static void open() throws IOException {
    chaski = Cria.open();
    model = new ChaskiChatModel(chaski, Cria.GREEDY);
  }

  @AfterAll
  static void close() {
    model.close();
    chaski.close();
  }

  @Test
  void tokensAndReasonsAreTold() {
    ChatResponse whole = model.chat(FRANCE);
    assertThat(whole.aiMessage().text()).isEqualTo("The capital of France is Paris.");
    assertThat(whole.finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(whole.tokenUsage().inputTokenCount()).isGreaterThan(10);
    assertThat(whole.tokenUsage().outputTokenCount()).isGreaterThan(5);
    ChatResponse cut =
        model.chat(ChatRequest.builder().messages(FRANCE).maxOutputTokens(2).build());
    assertThat(cut.finishReason()).isEqualTo(FinishReason.LENGTH);
    assertThat(cut.tokenUsage().outputTokenCount()).isEqualTo(2);
    ChatResponse stopped =
        model.chat(
            ChatRequest.builder()
                .messages(FRANCE)
                .temperature(0.0)
                .topP(1.0)
                .topK(5)
                .stopSequences(List.of(" is"))
                .build());
    assertThat(stopped.aiMessage().text()).isEqualTo("The capital of France");
  }

  @Test
  void theWholeLoopByHand() {
    UserMessage question = UserMessage.from("What is the weather in Toronto?");
    ChatResponse asked =
        model.chat(ChatRequest.builder().messages(question).toolSpecifications(WEATHER).build());
    assertThat(asked.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
    AiMessage asking = asked.aiMessage();
    assertThat(asking.text()).isNull();
    ToolExecutionRequest call = asking.toolExecutionRequests().getFirst();
    assertThat(call.name()).isEqualTo("get_current_weather");
    assertThat(JsonTree.parse(call.arguments())).isEqualTo(Map.of("city", "Toronto"));
    String result = "{\"city\": \"Toronto\", \"temperature\": 21, \"condition\": \"sunny\"}";
    ChatResponse answer =
        model.chat(
            ChatRequest.builder()
                .messages(question, asking, ToolExecutionResultMessage.from(call, result))
                .toolSpecifications(WEATHER)
                .build());
    assertThat(answer.aiMessage().text()).isEqualTo("It is 21 degrees and sunny in Toronto.");
  }

  @Test
  void callsAreRequiredOrForbidden() {
    ChatRequest.Builder request =
        ChatRequest.builder().messages(UserMessage.from("Hello!")).toolSpecifications(WEATHER);
    AiMessage forced = model.chat(request.toolChoice(ToolChoice.REQUIRED).build()).aiMessage();
    assertThat(forced.toolExecutionRequests())
        .extracting(ToolExecutionRequest::name)
        .containsExactly("get_current_weather");
    AiMessage free =
        model
            .chat(
                ChatRequest.builder()
                    .messages(UserMessage.from("What is the weather in Toronto?"))
                    .toolSpecifications(WEATHER)
                    .toolChoice(ToolChoice.NONE)
                    .build())
            .aiMessage();
    assertThat(free.hasToolExecutionRequests()).isFalse();
  }

  @Test
  void schemasAreFollowed() {
    JsonSchema built =
        JsonSchema.builder()
            .name("Answer")
            .rootElement(
                JsonObjectSchema.builder()
                    .addProperty(
                        "capital", JsonEnumSchema.builder().enumValues("Paris", "Lima").build())
                    .required("capital")
                    .build())
            .build();
    JsonSchema raw =
        JsonSchema.builder()
            .name("Answer")
            .rootElement(
                JsonRawSchema.from(
                    "{\"type\": \"object\", \"properties\": {\"capital\": {\"enum\": [\"Paris\"]}},"
                        + " \"required\": [\"capital\"]}"))
            .build();
    for (JsonSchema schema : List.of(built, raw)) {
      String json =
          model
              .chat(
                  ChatRequest.builder()
                      .messages(FRANCE)
                      .responseFormat(
                          ResponseFormat.builder()
                              .type(ResponseFormatType.JSON)
                              .jsonSchema(schema)
                              .build())
                      .build())
              .aiMessage()
              .text();
      assertThat(JsonTree.parse(json)).isEqualTo(Map.of("capital", "Paris"));
    }
  }

  @Test
  void whatTheModelCannotReadIsRefused() {
    assertThatExceptionOfType(UnsupportedFeatureException.class)
        .isThrownBy(
            () -> model.chat(UserMessage.from(ImageContent.from("https://example.org/lama.png"))))
        .withMessageContaining("the model reads text only");
    assertThatExceptionOfType(UnsupportedFeatureException.class)
        .isThrownBy(() ->
            model.chat(
                ChatRequest.builder()
                    .messages(FRANCE)
                    .responseFormat(
                        ResponseFormat.builder()
                            .type(ResponseFormatType.JSON)
                            .jsonSchema(
                                JsonSchema.builder()
                                    .name("Answer")
                                    .rootElement(JsonRawSchema.from("{\"not\": {}}"))
                                    .build())
                            .build())
                    .build()))
        .withMessageContaining("not");
  }

  @Test
  void requestsThatMakeNoSenseAreRefused() {
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> model.chat(UserMessage.from("Hello! ".repeat(400))))
        .withMessageContaining("a context of 512 positions");
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(
            () -> model.chat(ChatRequest.builder().messages(FRANCE).temperature(-1.0).build()))
        .withMessageContaining("temperature");
    ToolExecutionRequest call =
        ToolExecutionRequest.builder().id("1").name("sing").arguments("[1]").build();
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() ->
            model.chat(FRANCE, AiMessage.from(call), ToolExecutionResultMessage.from(call, "la")))
        .withMessageContaining("'sing'")
        .withMessageContaining("[1]");
  }

  @Test
  void textsOfOneMessageAreItsLines() {
    UserMessage two =
        UserMessage.from(
            TextContent.from("Answer in JSON with keys city and country:"),
            TextContent.from("What is the capital of France?"));
    assertThat(model.chat(two).aiMessage().text())
        .isEqualTo("{\"city\": \"Paris\", \"country\": \"France\"}");
  }

  @Test
  void theModelIsNamed() {
    assertThat(model.chat(FRANCE).metadata().modelName()).isEqualTo("Cria");
  }

  @Test
  void aClosedModelSaysSo() {
    ChaskiChatModel closed = new ChaskiChatModel(chaski);
    closed.close();
    assertThatIllegalStateException()
        .isThrownBy(() -> closed.chat(FRANCE))
        .withMessageContaining("the chat model is closed");
  }
}
