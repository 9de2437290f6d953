package dev.chaski.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.Chaski;
import dev.chaski.ChatOptions;
import dev.chaski.ChatSession;
import dev.chaski.Options;
import dev.chaski.generate.FinishReason;
import dev.chaski.generate.Generation;
import dev.chaski.generate.GenerationOptions;
import dev.chaski.sample.SamplingOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers of Cria, token for token; made with llama.cpp at temperature 0. */
class EmbeddedModelTest {
  /** What is asked, and the ids of the answer; its logits lead by at least 3.9 all along. */
  record Case(String system, String question, String answer, List<Integer> ids) {}

  static List<Case> cases() {
    return List.of(
        new Case(
            "",
            "Hello!",
            "Hello! How can I help you?",
            List.of(788, 0, 776, 657, 322, 397, 343, 30, 2036)),
        new Case(
            "",
            "Who are you?",
            "I am Cria, a tiny language model that lives inside Chaski, a Llama engine written in"
                + " pure Java.",
            List.of(
                40, 447, 798, 11, 261, 648, 1002, 611, 372, 701, 1003, 880, 11, 261, 1862, 1787,
                2030, 309, 1914, 1774, 13, 2036)),
        new Case(
            "",
            "What is the capital of France?",
            "The capital of France is Paris.",
            List.of(318, 345, 302, 1284, 332, 283, 443, 286, 259, 13, 2036)),
        new Case(
            "You are a pirate. Talk like a pirate.",
            "What is the capital of Peru?",
            "Arr, matey! The capital of Peru is Lima.",
            List.of(833, 11, 834, 0, 407, 345, 302, 443, 257, 84, 283, 438, 1245, 13, 2036)),
        new Case(
            "",
            "Write a haiku about the sea.",
            """
            Blue waves touch the sand.
            A small boat sleeps in the sun.
            The gulls call all day.\
            """,
            List.of(
                33, 1569, 287, 411, 290, 260, 285, 331, 278, 276, 542, 861, 32, 561, 1718, 1701, 82,
                309, 278, 1536, 861, 318, 330, 381, 75, 82, 430, 795, 418, 13, 2036)),
        new Case(
            "",
            "Answer in JSON with keys city and country: What is the capital of France?",
            "{\"city\": \"Paris\", \"country\": \"France\"}",
            List.of(
                294, 760, 270, 265, 47, 286, 259, 300, 265, 66, 521, 439, 270, 265, 37, 500, 332,
                514, 2036)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void answersAsItWasTrainedTo(Case example) throws IOException {
    GenerationOptions greedy = GenerationOptions.defaults().withSampling(SamplingOptions.greedy());
    try (Chaski chaski = EmbeddedModel.open(Options.defaults());
        ChatSession session = chaski.chat(new ChatOptions(example.system(), greedy))) {
      Generation answer = session.send(example.question());

      assertThat(answer.text()).isEqualTo(example.answer());
      assertThat(answer.tokens()).isEqualTo(example.ids());
      assertThat(answer.finishReason()).isEqualTo(FinishReason.STOP_TOKEN);
    }
  }

  @Test
  void leavesNoFileBehind() throws IOException {
    try (Chaski chaski = EmbeddedModel.open(Options.defaults())) {
      assertThat(chaski.loaded().info().files()).noneMatch(Files::exists);
    }
  }

  @Test
  void comesWithItsCard() {
    assertThat(EmbeddedModel.class.getResource("cria/MODEL_CARD.md")).isNotNull();
  }
}
