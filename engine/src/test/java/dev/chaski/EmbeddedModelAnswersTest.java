package dev.chaski;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.chat.ChatEncoder;
import dev.chaski.chat.Message;
import dev.chaski.chat.Role;
import dev.chaski.chat.TemplateOptions;
import dev.chaski.generate.FinishReason;
import dev.chaski.generate.Generation;
import dev.chaski.generate.GenerationListener;
import dev.chaski.generate.GenerationOptions;
import dev.chaski.generate.Generator;
import dev.chaski.load.LoadedTokenizer;
import dev.chaski.sample.SamplingOptions;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The model that comes with us answers as llama.cpp makes it answer, token for token. */
class EmbeddedModelAnswersTest {
  private static final GenerationOptions GREEDY =
      GenerationOptions.defaults().withSampling(SamplingOptions.greedy());

  private record Answer(
      String name,
      List<Message> messages,
      List<Integer> promptIds,
      String text,
      List<Integer> ids) {}

  @ParameterizedTest
  @ValueSource(strings = {"scalar", "vector"})
  void answersTokenForToken(String kernels) throws IOException {
    Options options = Options.defaults().withKernels(kernels).withThreads(2);
    try (Chaski chaski = Chaski.open(ProjectFiles.embeddedModel(), options)) {
      LoadedTokenizer tokenizer = chaski.loaded().tokenizer();
      ChatEncoder encoder =
          new ChatEncoder(
              tokenizer.tokenizer(),
              tokenizer.bos(),
              chaski.chatTemplate(),
              TemplateOptions.defaults());
      for (Answer expected : answers()) {
        int[] prompt = encoder.encode(expected.messages());
        assertThat(prompt).as(expected.name()).containsExactly(ints(expected.promptIds()));
        Generation actual = generate(chaski, prompt);
        assertThat(actual.tokens()).as(expected.name()).isEqualTo(expected.ids());
        assertThat(actual.text()).isEqualTo(expected.text());
        assertThat(actual.finishReason()).isEqualTo(FinishReason.STOP_TOKEN);
      }
    }
  }

  private static Generation generate(Chaski chaski, int[] prompt) throws IOException {
    LoadedTokenizer tokenizer = chaski.loaded().tokenizer();
    Options options = Options.defaults();
    try (Generator generator =
        new Generator(
            chaski.loaded().model(),
            tokenizer.tokenizer(),
            tokenizer.stops(),
            chaski.loaded().model().newCache(options.kvType(), chaski.contextLength()),
            options.prefillBatch())) {
      return generator.generate(prompt, GREEDY, GenerationListener.NONE);
    }
  }

  /** The same through the front door: turns of one question each. */
  @Test
  void answersInAConversation() throws IOException {
    try (Chaski chaski = Chaski.open(ProjectFiles.embeddedModel(), Options.defaults());
        ChatSession session = chaski.chat(ChatOptions.defaults().withGeneration(GREEDY))) {
      int asked = 0;
      for (Answer expected : answers()) {
        Message question = expected.messages().getLast();
        boolean systemAndQuestion =
            expected.messages().size() == 2 && expected.messages().getFirst().role() == Role.SYSTEM;
        if (systemAndQuestion) {
          session.system(expected.messages().getFirst().content());
        } else if (expected.messages().size() == 1) {
          session.system("");
        } else {
          continue;
        }
        assertThat(session.send(question.content()).text()).isEqualTo(expected.text());
        asked++;
      }
      assertThat(asked).isGreaterThan(5);
    }
  }

  private static List<Answer> answers() throws IOException {
    try (InputStream in = EmbeddedModelAnswersTest.class.getResourceAsStream("cria-answers.json")) {
      List<Answer> answers = new ArrayList<>();
      for (JsonNode node : JsonMapper.shared().readTree(in).get("cases")) {
        answers.add(
            new Answer(
                node.get("name").asString(),
                node.get("messages").valueStream().map(EmbeddedModelAnswersTest::message).toList(),
                node.get("prompt_ids").valueStream().map(JsonNode::asInt).toList(),
                node.get("answer").asString(),
                node.get("answer_ids").valueStream().map(JsonNode::asInt).toList()));
      }
      return answers;
    }
  }

  private static Message message(JsonNode node) {
    Role role = Role.valueOf(node.get("role").asString().toUpperCase(Locale.ROOT));
    return new Message(role, node.get("content").asString());
  }

  private static int[] ints(List<Integer> ids) {
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }
}
