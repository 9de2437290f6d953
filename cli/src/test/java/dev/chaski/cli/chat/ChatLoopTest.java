package dev.chaski.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.Chaski;
import dev.chaski.ChatOptions;
import dev.chaski.ChatSession;
import dev.chaski.Options;
import dev.chaski.cli.terminal.Console;
import dev.chaski.cli.terminal.Interrupts.Guard;
import dev.chaski.generate.Cancellation;
import dev.chaski.generate.GenerationOptions;
import dev.chaski.generate.ResponseFormat;
import dev.chaski.sample.SamplingOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A chat as somebody at a terminal sees it. */
class ChatLoopTest {
  private static final GenerationOptions GREEDY =
      GenerationOptions.defaults().withSampling(SamplingOptions.greedy());

  /** Makes the model say something in Markdown. */
  private static final GenerationOptions BOLD =
      GREEDY.withResponseFormat(ResponseFormat.grammar("root ::= \"**Lima** is big.\""));

  private static Chaski chaski;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeAll
  static void open() throws IOException, URISyntaxException {
    Path model = Path.of(ChatLoop.class.getResource("/dev/chaski/cli/cria/cria-q8_0.gguf").toURI());
    chaski = Chaski.open(model, Options.defaults().withThreads(1));
  }

  @AfterAll
  static void close() {
    chaski.close();
  }

  /** Somebody at a terminal who has made up his mind. */
  private static final class Script implements LineSource {
    private final Deque<String> messages;
    private final List<String> statuses = new ArrayList<>();

    Script(String... messages) {
      this.messages = new ArrayDeque<>(List.of(messages));
    }

    @Override
    public boolean isInteractive() {
      return true;
    }

    @Override
    public Optional<String> next(String status) {
      statuses.add(status);
      return Optional.ofNullable(messages.poll());
    }

    @Override
    public int columns() {
      return 20;
    }

    @Override
    public Optional<String> ask(String question) {
      return Optional.empty();
    }

    @Override
    public Guard answering(Cancellation cancellation) {
      return () -> {};
    }

    @Override
    public void close() {}
  }

  private void talk(
      Script script, GenerationOptions generation, Map<String, String> environment, boolean plain)
      throws IOException {
    Console console =
        new Console(
            InputStream.nullInputStream(),
            out,
            err,
            EnumSet.allOf(Console.Stream.class),
            environment);
    try (ChatSession session = chaski.chat(ChatOptions.defaults().withGeneration(generation))) {
      ConsoleTools tools = new ConsoleTools(console, script, List.of(), false);
      new ChatLoop(console, chaski, session, script, tools, false, plain).run(Optional.empty());
    }
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String noted() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void thePromptTellsContextAndSpeed() throws IOException {
    Script script = new Script("Hello!", "/reset");
    talk(script, GREEDY, Map.of(), false);

    assertThat(script.statuses).hasSize(3);
    assertThat(script.statuses.get(0)).isEmpty();
    assertThat(script.statuses.get(1)).matches("20/512 [0-9.]+ tok/s");
    assertThat(script.statuses.get(2)).startsWith("0/512 ");
    assertThat(printed()).isEqualTo("Hello! How can I help you?\n");
  }

  @Test
  void theBannerNamesModelAndTemplate() throws IOException {
    talk(new Script(), GREEDY, Map.of(), false);

    assertThat(noted())
        .startsWith("Cria, 4,295,440 weights, context 512\n")
        .contains("Chat: the model's own template (default)\n")
        .contains("/help");
    assertThat(noted().lines()).allMatch(line -> line.length() <= 60);
  }

  @Test
  void proseIsFoldedAndStyled() throws IOException {
    talk(new Script("Hello!"), GREEDY, Map.of("TERM", "xterm"), false);

    assertThat(printed()).isEqualTo("Hello! How can I\nhelp you?\n");
  }

  @Test
  void answersOfAGrammarAreNotChanged() throws IOException {
    talk(new Script("Hello!"), BOLD, Map.of("TERM", "xterm"), false);

    assertThat(printed()).isEqualTo("**Lima** is big.\n");
  }

  @Test
  void nothingIsChangedWhereThatIsNotWanted() throws IOException {
    talk(new Script("Hello!"), GREEDY, Map.of("TERM", "xterm"), true);
    talk(new Script("Hello!"), GREEDY, Map.of("TERM", "xterm", "NO_COLOR", "1"), false);
    talk(new Script("Hello!"), GREEDY, Map.of("TERM", "dumb"), false);

    assertThat(printed()).isEqualTo("Hello! How can I help you?\n".repeat(3));
  }

  @Test
  void anAnswerThatWasCutSaysSo() throws IOException {
    talk(new Script("Hello!"), GREEDY.withMaxTokens(2), Map.of(), false);

    assertThat(noted()).endsWith("(cut at the token limit (-n))\n\n");
  }
}
