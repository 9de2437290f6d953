package dev.chaski.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code chaski chat} with its messages from a pipe. */
class ChatCommandTest {
  private static CommandRun chat(String input, String... more) {
    String[] args = new String[more.length + 3];
    args[0] = "chat";
    args[1] = "--temp";
    args[2] = "0";
    System.arraycopy(more, 0, args, 3, more.length);
    return CommandRun.withInput(input, args);
  }

  @Test
  void eachLineIsAMessageAndStdoutGetsTheAnswers() {
    CommandRun run = chat("Hello!\n\nWho are you?\n");

    assertThat(run.out())
        .isEqualTo(
            """
            Hello! How can I help you?
            I am Cria, a tiny language model that lives inside Chaski, a Llama engine written in \
            pure Java.
            """);
    assertThat(run.status()).isZero();
  }

  @Test
  void laterTurnsComputeOnlyWhatIsNew() {
    CommandRun run = chat("Hello!\nWho are you?\n");

    // 12 of the first prompt and the 8 of its answer; its end is computed with the next turn.
    assertThat(run.err().lines().toList().get(1)).contains("(20 cached)");
  }

  @Test
  void conversationIsRemembered() {
    CommandRun run = chat("my name is Jovith\nWhat is my name?\n", "-q");

    assertThat(run.out().lines().toList().get(1)).contains("Jovith");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void resetForgetsTheConversation() {
    CommandRun run = chat("my name is Jovith\n/reset\nWhat is my name?\n", "-q");

    assertThat(run.out().lines().toList().get(1)).isEqualTo("You have not told me that yet.");
  }

  @Test
  void systemMessageIsSetAndShown() {
    CommandRun run =
        chat(
            """
            /system
            /system You are a pirate. Talk like a pirate.
            /system
            What is the capital of Peru?
            """,
            "-q");

    assertThat(run.out()).isEqualTo("Arr, matey! The capital of Peru is Lima.\n");
    assertThat(run.err())
        .contains("There is no system message.\n")
        .contains("You are a pirate. Talk like a pirate.\n");
  }

  @Test
  void systemMessageIsTakenFromTheOption() {
    CommandRun run = chat("What is the capital of Spain?\n", "-sys", "Be very brief.");

    assertThat(run.out()).isEqualTo("Madrid.\n");
  }

  @Test
  void firstMessageIsTakenFromTheOption() {
    CommandRun run = chat("Who are you?\n", "-p", "Hello!");

    assertThat(run.out()).startsWith("Hello! How can I help you?\nI am Cria");
  }

  @Test
  void messagesOfSeveralLines() {
    String expected =
        chat(
                "/reset\n",
                "-p",
                "Answer in JSON with keys city and country: What is" + " the capital of France?")
            .out();
    CommandRun run =
        chat(
            "\"\"\"\nAnswer in JSON with keys city and country: What is the capital of France?\n"
                + "\"\"\"\n");

    assertThat(run.out())
        .isEqualTo("{\"city\": \"Paris\", \"country\": \"France\"}\n")
        .isEqualTo(expected);
  }

  @Test
  void statsAreShownAndExitLeaves() {
    CommandRun run = chat("Hello!\n/stats\n/exit\nWho are you?\n", "-q");

    assertThat(run.out()).isEqualTo("Hello! How can I help you?\n");
    assertThat(run.err())
        .contains("Answers: 1, 9 tokens\n")
        .contains("Context: 20 of 512 tokens\n")
        .contains("Kernels: ");
  }

  @Test
  void helpNamesEveryCommandWithin60Columns() {
    CommandRun run = chat("/help\n", "-q");

    assertThat(run.err()).contains("/system", "/reset", "/stats", "/exit", "\"\"\"", "Ctrl-C");
    assertThat(run.err().lines()).allMatch(line -> line.length() <= 60);
  }

  @Test
  void unknownCommandIsNotSentToTheModel() {
    CommandRun run = chat("/hlep\n");

    assertThat(run.out()).isEmpty();
    assertThat(run.err()).isEqualTo("chaski: there is no command /hlep; /help lists them\n");
  }

  @Test
  void messageThatDoesNotFitIsAFailure() {
    CommandRun run = chat("Hello!\n", "-c", "8");

    assertThat(run.err())
        .startsWith("chaski: the prompt has 12 tokens")
        .contains("a larger context");
    assertThat(run.status()).isEqualTo(1);
  }

  @Test
  void modelWithoutTokenizerIsRefusedWithTheReason() {
    Path model = SharedFiles.require("vectors/models/stories260K-F32.gguf");
    CommandRun run = chat("Hello!\n", "-m", model.toString());

    assertThat(run.err()).startsWith("chaski: " + model).contains("the tokenizer is of kind");
    assertThat(run.status()).isEqualTo(1);
  }
}
