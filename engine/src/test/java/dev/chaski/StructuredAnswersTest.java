package dev.chaski;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.generate.FinishReason;
import dev.chaski.generate.GenerationOptions;
import dev.chaski.generate.ResponseFormat;
import dev.chaski.grammar.Grammar;
import dev.chaski.sample.SamplingOptions;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The model that comes with us answers in the format it is told. */
class StructuredAnswersTest {
  private static final String SCHEMA =
      """
      {"type": "object",
       "properties": {
         "city": {"type": "string", "maxLength": 30},
         "population": {"type": "integer", "minimum": 1000, "maximum": 99999999},
         "tags": {"type": "array", "items": {"enum": ["capital", "port"]}, "minItems": 1, "maxItems": 2}},
       "required": ["city", "population", "tags"]}
      """;

  private static Chaski chaski;

  @BeforeAll
  static void open() throws IOException {
    chaski = Chaski.open(ProjectFiles.embeddedModel(), Options.defaults().withThreads(2));
  }

  @AfterAll
  static void close() {
    chaski.close();
  }

  private static ChatAnswer ask(String question, ResponseFormat format, SamplingOptions sampling)
      throws IOException {
    GenerationOptions options =
        GenerationOptions.defaults().withSampling(sampling).withResponseFormat(format);
    try (ChatSession session = chaski.chat(ChatOptions.defaults().withGeneration(options))) {
      return session.send(question);
    }
  }

  @Test
  void answersFollowASchema() throws IOException {
    ResponseFormat format = ResponseFormat.jsonSchema(SCHEMA);
    List<SamplingOptions> samplings =
        List.of(
            SamplingOptions.greedy(),
            SamplingOptions.builder().seed(1).temperature(1.5f).topK(0).minP(0).build(),
            SamplingOptions.builder().seed(2).repetitionPenalty(1.5f).build());
    for (SamplingOptions sampling : samplings) {
      ChatAnswer answer = ask("What is the capital of Peru?", format, sampling);
      assertThat(answer.finishReason()).isEqualTo(FinishReason.STOP_TOKEN);
      JsonNode json = JsonMapper.shared().readTree(answer.text());
      assertThat(json.propertyNames()).containsExactly("city", "population", "tags");
      assertThat(json.get("city").asString().length()).isLessThanOrEqualTo(30);
      assertThat(json.get("population").asLong()).isBetween(1000L, 99_999_999L);
      assertThat(json.get("tags").size()).isBetween(1, 2);
    }
  }

  @Test
  void answersAreJsonObjects() throws IOException {
    GenerationOptions options =
        GenerationOptions.defaults()
            .withSampling(SamplingOptions.greedy())
            .withResponseFormat(ResponseFormat.jsonObject());
    try (ChatSession session = chaski.chat(ChatOptions.defaults().withGeneration(options))) {
      ChatAnswer answer = session.send("Write JSON with the name Ada and the age 36.");
      assertThat(answer.text()).startsWith("{");
      if (answer.finishReason() == FinishReason.STOP_TOKEN) {
        assertThat(JsonMapper.shared().readTree(answer.text()).isObject()).isTrue();
      }
    }
  }

  @Test
  void aChoiceIsMade() throws IOException {
    ResponseFormat format = ResponseFormat.grammar("root ::= \"Lima.\" | \"Cusco.\" | \"Puno.\"");
    ChatAnswer answer = ask("What is the capital of Peru?", format, SamplingOptions.greedy());
    assertThat(answer.text()).isIn("Lima.", "Cusco.", "Puno.");
    assertThat(answer.finishReason()).isEqualTo(FinishReason.STOP_TOKEN);
  }

  @Test
  void callsCanBeForced() throws IOException {
    Grammar call =
        Grammar.sequence(
            Grammar.text("CALL "),
            Grammar.jsonSchema(
                "{\"type\": \"object\", \"properties\": {\"name\": {\"const\": \"weather\"}},"
                    + " \"required\": [\"name\"]}"),
            Grammar.text(" END"));
    ChatAnswer answer =
        ask("How is the weather?", ResponseFormat.grammar(call), SamplingOptions.greedy());
    assertThat(answer.text()).startsWith("CALL {").endsWith("} END").contains("weather");
  }

  @Test
  void aCutAnswerSaysSo() throws IOException {
    GenerationOptions options =
        GenerationOptions.defaults()
            .withSampling(SamplingOptions.greedy())
            .withMaxTokens(3)
            .withResponseFormat(ResponseFormat.jsonSchema(SCHEMA));
    try (ChatSession session = chaski.chat(ChatOptions.defaults().withGeneration(options))) {
      ChatAnswer answer = session.send("What is the capital of Peru?");
      assertThat(answer.finishReason()).isEqualTo(FinishReason.MAX_TOKENS);
      assertThat(answer.text()).startsWith("{");
      session.generation(
          options
              .withMaxTokens(GenerationOptions.UNLIMITED)
              .withResponseFormat(ResponseFormat.text()));
      assertThat(session.send("What is the capital of France?").text()).isNotEmpty();
    }
  }
}
