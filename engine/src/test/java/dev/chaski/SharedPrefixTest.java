package dev.chaski;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.chat.tool.Tool;
import dev.chaski.generate.Cancellation;
import dev.chaski.generate.GenerationOptions;
import dev.chaski.kernels.TensorType;
import dev.chaski.sample.SamplingOptions;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What conversations begin with is computed once for all sessions of a model. */
class SharedPrefixTest {
  private static final GenerationOptions GREEDY =
      GenerationOptions.defaults().withSampling(SamplingOptions.greedy());
  private static final String PIRATE = "You are a pirate. Talk like a pirate.";
  private static final ChatOptions OPTIONS =
      ChatOptions.defaults().withGeneration(GREEDY).withSystem(PIRATE);
  private static final String PERU = "What is the capital of Peru?";
  private static final String FRANCE = "What is the capital of France?";

  private static Chaski open(Options options) throws IOException {
    return Chaski.open(ProjectFiles.embeddedModel(), options.withThreads(2));
  }

  /** Counts prompt tokens that a model has computed. */
  private static final class Computed implements ChatListener {
    private int tokens;

    @Override
    public void onText(String piece) {}

    @Override
    public void onPrefill(int done, int total) {
      tokens = total;
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "F32"})
  void theSecondSessionComputesOnlyWhatTheUserSays(TensorType kvType) throws IOException {
    ChatAnswer alone;
    try (Chaski none = open(Options.defaults().withKvType(kvType).withPrefixCacheBytes(0));
        ChatSession session = none.chat(OPTIONS)) {
      alone = session.send(FRANCE);
    }
    try (Chaski chaski = open(Options.defaults().withKvType(kvType))) {
      Computed first = new Computed();
      try (ChatSession session = chaski.chat(OPTIONS)) {
        ChatAnswer answer = session.send(PERU, first);
        assertThat(answer.text()).isEqualTo("Arr, matey! The capital of Peru is Lima.");
        assertThat(answer.statistics().cachedTokens()).isZero();
        assertThat(first.tokens).isEqualTo(answer.statistics().promptTokens());
      }
      try (ChatSession session = chaski.chat(OPTIONS)) {
        Computed second = new Computed();
        ChatAnswer answer = session.send(FRANCE, second);
        assertThat(answer.tokens()).as("the same bits").isEqualTo(alone.tokens());
        // What differs: "France" and "Peru" take one token each way, the rest is common; but only
        // what comes before the user's words was kept.
        int words = chaski.tokenizer().encode(FRANCE).length;
        int closing = 1 + 4; // <|eot_id|> and the opening of the answer
        assertThat(second.tokens).isEqualTo(words + closing);
        assertThat(answer.statistics().cachedTokens())
            .isEqualTo(answer.statistics().promptTokens() - words - closing);
        Computed third = new Computed();
        session.reset();
        session.send(PERU, third);
        assertThat(third.tokens).as("after a reset").isLessThan(first.tokens / 2 + 1);
      }
    }
  }

  @Test
  void nothingIsSharedWhereNothingIsCommonOrAllowed() throws IOException {
    try (Chaski chaski = open(Options.defaults())) {
      assertThat(cachedTokens(chaski, OPTIONS)).isZero();
      assertThat(cachedTokens(chaski, OPTIONS.withSystem("Be very brief. Use few words.")))
          .as("the opening of the system message")
          .isLessThan(8);
      assertThat(cachedTokens(chaski, OPTIONS)).isGreaterThan(16);
    }
    try (Chaski chaski = open(Options.defaults().withPrefixCacheBytes(0))) {
      assertThat(cachedTokens(chaski, OPTIONS)).isZero();
      assertThat(cachedTokens(chaski, OPTIONS)).isZero();
    }
  }

  @Test
  void toolsAreShared() throws IOException {
    Tool tool = Tool.of("roll_dice", "Rolls dice", "{\"type\": \"object\", \"properties\": {}}");
    ChatOptions withTool = OPTIONS.withSystem("").withTools(List.of(tool));
    try (Chaski chaski = open(Options.defaults())) {
      assertThat(cachedTokens(chaski, withTool)).isZero();
      assertThat(cachedTokens(chaski, withTool)).isGreaterThan(60);
    }
  }

  /** A budget for one prefix: the one used last stays. */
  @Test
  void theOldestGoes() throws IOException {
    long onePrefix;
    try (Chaski chaski = open(Options.defaults())) {
      onePrefix = 64 * chaski.memoryPlan().bytesPerPosition();
    }
    ChatOptions brief = OPTIONS.withSystem("Be brief. You need not say more than one word.");
    try (Chaski chaski = open(Options.defaults().withPrefixCacheBytes(onePrefix))) {
      assertThat(cachedTokens(chaski, OPTIONS)).isZero();
      assertThat(cachedTokens(chaski, brief)).isLessThan(8);
      assertThat(cachedTokens(chaski, brief)).isGreaterThan(16);
      assertThat(cachedTokens(chaski, OPTIONS)).isLessThan(8);
    }
  }

  @Test
  void aCancelledPromptLeavesNothingHalfDone() throws IOException {
    try (Chaski chaski = open(Options.defaults().withPrefillBatch(4))) {
      Cancellation cancellation = new Cancellation();
      try (ChatSession session =
          chaski.chat(OPTIONS.withGeneration(GREEDY.withCancellation(cancellation)))) {
        session.send(
            PERU,
            new ChatListener() {
              @Override
              public void onText(String piece) {}

              @Override
              public void onPrefill(int done, int total) {
                cancellation.cancel();
              }
            });
      }
      try (ChatSession session = chaski.chat(OPTIONS)) {
        ChatAnswer answer = session.send(PERU);
        assertThat(answer.statistics().cachedTokens()).isZero();
        assertThat(answer.text()).isEqualTo("Arr, matey! The capital of Peru is Lima.");
      }
    }
  }

  private static int cachedTokens(Chaski chaski, ChatOptions options) throws IOException {
    try (ChatSession session = chaski.chat(options)) {
      return session.send(PERU).statistics().cachedTokens();
    }
  }
}
