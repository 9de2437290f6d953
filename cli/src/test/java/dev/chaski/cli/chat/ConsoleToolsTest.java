package dev.chaski.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.chat.tool.Tool;
import dev.chaski.chat.tool.ToolCall;
import dev.chaski.cli.terminal.Console;
import dev.chaski.cli.terminal.Interrupts.Guard;
import dev.chaski.cli.tool.CommandTool;
import dev.chaski.generate.Cancellation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Somebody sits there and is asked. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the commands are those of Unix")
class ConsoleToolsTest {
  private static final CommandTool ECHO =
      new CommandTool(
          new Tool("echo", "Says it.", Map.of("properties", Map.of("text", Map.of()))),
          List.of("echo", "{text}"));
  private static final CommandTool BY_HAND =
      new CommandTool(new Tool("by_hand", "Ask.", Map.of()), List.of());

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Typed typed = new Typed();
  private final ConsoleTools tools =
      new ConsoleTools(
          new Console(
              new ByteArrayInputStream(new byte[0]),
              new ByteArrayOutputStream(),
              err,
              Set.of(),
              Map.of()),
          typed,
          List.of(ECHO, BY_HAND),
          false);

  /** A person whose answers are known. */
  private static final class Typed implements LineSource {
    private final Deque<String> answers = new ArrayDeque<>();

    @Override
    public boolean isInteractive() {
      return true;
    }

    @Override
    public Optional<String> next(String status) {
      return Optional.empty();
    }

    @Override
    public int columns() {
      return 0;
    }

    @Override
    public Optional<String> ask(String question) {
      return Optional.ofNullable(answers.poll());
    }

    @Override
    public Guard answering(Cancellation cancellation) {
      return () -> {};
    }

    @Override
    public void close() {}
  }

  private String echo(String text) {
    return tools.run(new ToolCall("1", "echo", Map.of("text", text)));
  }

  @Test
  void onlyAYesRunsTheCommand() {
    typed.answers.addAll(List.of("y", "no", "", "maybe", "YES"));
    assertThat(echo("one")).isEqualTo("one");
    for (int i = 0; i < 3; i++) {
      assertThat(echo("two")).isEqualTo("The user did not allow this call.");
    }
    assertThat(echo("three")).isEqualTo("three");
    assertThat(echo("nobody answers")).isEqualTo("The user did not allow this call.");
  }

  @Test
  void alwaysIsForTheRestOfTheChat() {
    typed.answers.add("a");
    assertThat(echo("one")).isEqualTo("one");
    assertThat(echo("two")).isEqualTo("two");
  }

  /** What is shown is what runs, and it cannot hide with the terminal's help. */
  @Test
  void theCommandIsShownAsItIs() {
    assertThat(echo("it's \u001b[2K\u009b1A\u202e fine")).contains("did not allow");
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo("  echo 'it'\\''s \\u001b[2K\\u009b1A\\u202e fine'\n");
  }

  @Test
  void aToolWithoutACommandIsAnsweredByThePerson() {
    typed.answers.add("42");
    assertThat(tools.run(new ToolCall("1", "by_hand", Map.of()))).isEqualTo("42");
    assertThat(tools.run(new ToolCall("2", "by_hand", Map.of())))
        .isEqualTo("There is nobody who could answer this call.");
  }

  @Test
  void theModelIsToldWhatIsWrongWithACall() {
    assertThat(tools.run(new ToolCall("1", "made_up", Map.of())))
        .isEqualTo("There is no tool called 'made_up'.");
    assertThat(tools.run(new ToolCall("2", "echo", Map.of())))
        .isEqualTo("The call is wrong: the argument 'text' is missing.");
  }
}
