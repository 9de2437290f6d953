package dev.chaski.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
  void aConversationIsSavedAndTakenUpAgain(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("our talk.chaski");
    CommandRun first = chat("my name is Jovith\n/save " + file + "\n");
    assertThat(first.err()).contains("Saved 2 messages to " + file);
    CommandRun second = chat("/load " + file + "\nWhat is my name?\n");
    assertThat(second.err()).contains("Going on after 2 messages");
    assertThat(second.out()).contains("Jovith");

    Files.writeString(file, "chaski-session 1 torn");
    CommandRun torn = chat("/load " + file + "\nHello!\n/load\n/load " + folder + "/none\n", "-q");
    assertThat(torn.err().lines())
        .containsExactly(
            "chaski: "
                + file
                + ": the saved conversation is damaged: its checksum is wrong; use"
                + " another copy",
            "chaski: /load needs the name of a file",
            "chaski: " + folder + "/none: there is no such file");
    assertThat(torn.out()).isEqualTo("Hello! How can I help you?\n");
  }

  @Test
  void aFullContextIsAnErrorOrForgetsTheOldest() {
    String input = "Hello!\nWho are you?\nWhat is the capital of Peru?\nHello!\n";
    CommandRun full = chat(input, "-c", "70", "-q");
    assertThat(full.status()).isEqualTo(ExitStatus.FAILURE);
    assertThat(full.err()).contains("a context of 70 positions has room for 69");
    CommandRun shifted = chat(input, "-c", "70", "-q", "--context-shift");
    assertThat(shifted.status()).isZero();
    assertThat(shifted.out().lines()).hasSize(4);
    assertThat(shifted.err()).contains("The context is full: the oldest");
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
  void answersAreJsonWhileThatIsWanted(@TempDir Path folder) throws IOException {
    Path schema = folder.resolve("capital.json");
    Files.writeString(
        schema,
        "{\"type\": \"object\", \"properties\": {\"x\": {\"enum\": [\"y\"]}}, \"required\":"
            + " [\"x\"]}");
    CommandRun run =
        chat(
            """
            /json
            Answer in JSON with keys city and country: What is the capital of France?
            /json
            Hello!
            /json %s
            Hello!
            /json {"enum": ["Lima"]}
            What is the capital of Peru?
            /json off
            What is the capital of Peru?
            """
                .formatted(schema),
            "-q");

    List<String> answers = run.out().lines().toList();
    assertThat(answers).hasSize(5);
    assertThat(answers.get(0)).isEqualTo("{\"city\": \"Paris\", \"country\": \"France\"}");
    assertThat(answers.get(1)).doesNotContain("{");
    assertThat(answers.get(2)).matches("\\{\\s*\"x\"\\s*:\\s*\"y\"\\s*}");
    assertThat(answers.get(3)).isEqualTo("\"Lima\"");
    assertThat(answers.get(4)).doesNotStartWith("\"");
    assertThat(run.err())
        .contains("Answers are JSON objects from now on; /json off ends that.\n")
        .contains("Answers are JSON of a schema from now on; /json off ends that.\n")
        .contains("Answers are any text from now on.\n");
  }

  @Test
  void aSchemaThatCannotBeUsedChangesNothing(@TempDir Path folder) throws IOException {
    Path broken = Files.writeString(folder.resolve("broken.json"), "{\"not\": {}}");
    CommandRun run =
        chat("/json {\"not\": {}}\n/json " + broken + "\n/json /no/such/file\nHello!\n", "-q");

    assertThat(run.err().lines())
        .hasSize(3)
        .allMatch(line -> line.startsWith("chaski: "))
        .anyMatch(line -> line.startsWith("chaski: " + broken + ": "))
        .contains("chaski: /no/such/file: there is no such file");
    assertThat(run.out()).isEqualTo("Hello! How can I help you?\n");
    assertThat(chat("/json\n", "-q", "--ignore-eos").err())
        .contains("ignoreStopTokens does not go with a response format");
  }

  @Test
  void modelIsDescribedWithin60Columns() {
    CommandRun run = chat("/model\n", "-q");

    assertThat(run.err())
        .contains("Model        Cria\n")
        .contains("Weights      4.30 M Q8_0, 4.4 MiB\n")
        .contains("Chat         the model's own template (default)\n")
        .contains("Context      512 tokens, 0 in use\n")
        .contains("Kernels      ")
        .contains("Answers      any text\n");
    assertThat(run.err().lines()).allMatch(line -> line.length() <= 60);
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
  void templateIsTakenFromAFile(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("pirate.jinja");
    Files.writeString(
        file,
        "{{ '<|start_header_id|>system<|end_header_id|>\n\nYou are a pirate. Talk like a"
            + " pirate.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\n' }}"
            + "{{ messages[-1].content }}"
            + "{{ '<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n' }}");
    CommandRun run =
        chat("What is the capital of Peru?\n", "-q", "--chat-template", file.toString());
    assertThat(run.out()).isEqualTo("Arr, matey! The capital of Peru is Lima.\n");

    Files.writeString(file, "{% if %}");
    CommandRun broken = chat("Hello!\n", "--chat-template", file.toString());
    assertThat(broken.err())
        .startsWith(
            "chaski: the chat template 'default' is not one we understand: template line 1");
    assertThat(broken.status()).isEqualTo(1);

    Files.writeString(file, "{{ raise_exception('No talking.') }}");
    CommandRun refused = chat("Hello!\n", "--chat-template", file.toString());
    assertThat(refused.err())
        .isEqualTo("chaski: the chat template refuses the conversation: No talking.\n");
  }

  @Test
  void modelWithoutTokenizerIsRefusedWithTheReason() {
    Path model = SharedFiles.require("vectors/models/stories260K-F32.gguf");
    CommandRun run = chat("Hello!\n", "-m", model.toString());

    assertThat(run.err()).startsWith("chaski: " + model).contains("the tokenizer is of kind");
    assertThat(run.status()).isEqualTo(1);
  }
}
