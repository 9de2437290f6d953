package dev.chaski.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.Chaski;
import dev.chaski.ChatAnswer;
import dev.chaski.ChatListener;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which session answers what, seen by the tokens that it need not compute. */
@Timeout(120)
class SessionPoolTest {
  private static Chaski chaski;

  @BeforeAll
  static void open() throws IOException {
    chaski = Cria.open();
  }

  @AfterAll
  static void close() {
    chaski.close();
  }

  /** A conversation that is kept here, as LangChain4j does. */
  private static final class Talk {
    private final List<ChatMessage> messages = new ArrayList<>();

    ChatAnswer say(SessionPool pool, String text) {
      messages.add(UserMessage.from(text));
      ChatAnswer answer =
          pool.answer(
              Requests.of(ChatRequest.builder().messages(messages).build()), ChatListener.NONE);
      messages.add(AiMessage.from(answer.text()));
      return answer;
    }
  }

  @Test
  void conversationsThatTakeTurnsKeepWhatIsComputed() {
    try (SessionPool pool = new SessionPool(chaski, Cria.GREEDY)) {
      List<Talk> talks = new ArrayList<>();
      for (int i = 0; i < SessionPool.MAX_IDLE; i++) {
        Talk talk = new Talk();
        talk.say(pool, "My name is " + List.of("Tom", "Ada", "Eve", "Bob").get(i) + ".");
        talks.add(talk);
      }
      for (Talk talk : talks) {
        ChatAnswer second = talk.say(pool, "What is my name?");
        assertThat(second.statistics().cachedTokens()).isGreaterThan(15);
      }
    }
  }

  @Test
  void oneTooManyTakesThePlaceOfTheOldest() {
    try (SessionPool pool = new SessionPool(chaski, Cria.GREEDY)) {
      List<Talk> talks = new ArrayList<>();
      for (int i = 0; i <= SessionPool.MAX_IDLE; i++) {
        Talk talk = new Talk();
        talk.say(pool, "Count to " + (5 + i) + ".");
        talks.add(talk);
      }
      ChatAnswer newest = talks.getLast().say(pool, "Hello!");
      ChatAnswer second = talks.get(1).say(pool, "Hello!");
      ChatAnswer oldest = talks.getFirst().say(pool, "Hello!");
      assertThat(newest.statistics().cachedTokens()).isGreaterThan(15);
      assertThat(second.statistics().cachedTokens()).isGreaterThan(15);
      assertThat(oldest.statistics().cachedTokens()).isLessThan(10);
    }
  }
}
