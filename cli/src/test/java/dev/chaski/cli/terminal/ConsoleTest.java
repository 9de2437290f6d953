package dev.chaski.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.cli.terminal.Console.Stream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConsoleTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void terminalIsStyledUnlessItMustNotBe() {
    Set<Stream> all = EnumSet.allOf(Stream.class);

    assertThat(console(all, Map.of("TERM", "xterm")).style(Stream.STDERR)).isEqualTo(Style.ANSI);
    assertThat(console(all, Map.of("TERM", "dumb")).style(Stream.STDERR)).isEqualTo(Style.PLAIN);
    assertThat(console(all, Map.of("TERM", "xterm", "NO_COLOR", "1")).style(Stream.STDERR))
        .isEqualTo(Style.PLAIN);
    assertThat(console(EnumSet.of(Stream.STDOUT), Map.of("TERM", "xterm")).style(Stream.STDERR))
        .isEqualTo(Style.PLAIN);
  }

  @Test
  void progressIsErasedBeforeTheAnswer() {
    Console console = console(EnumSet.of(Stream.STDERR), Map.of("TERM", "xterm"));
    List<Runnable> later = new ArrayList<>();
    AnswerPrinter printer = new AnswerPrinter(console, new PlainText(console), later::add);
    printer.start(100);
    printer.onPrefill(512, 1000);
    assertThat(text(err)).as("it may be quick").isEmpty();
    later.forEach(Runnable::run);
    printer.onPrefill(768, 1000);
    printer.onPrefill(1000, 1000);
    printer.onText("Yes");
    printer.onText(".");
    printer.finish(false);

    assertThat(text(err))
        .isEqualTo(
            "\r\u001b[K\u001b[2mreading the prompt: 512 of 1000 tokens\u001b[0m"
                + "\r\u001b[K\u001b[2mreading the prompt: 768 of 1000 tokens\u001b[0m"
                + "\r\u001b[K");
    assertThat(text(out)).isEqualTo("Yes.\n");
  }

  @Test
  void noProgressIsShownBehindTheBeginningOfAnAnswer() {
    Console console = console(EnumSet.of(Stream.STDERR), Map.of("TERM", "xterm"));
    List<Runnable> later = new ArrayList<>();
    AnswerPrinter printer = new AnswerPrinter(console, new PlainText(console), later::add);
    printer.start(100);
    printer.onPrefill(100, 100);
    printer.onText("Yes");
    later.forEach(Runnable::run);
    printer.finish(false);

    assertThat(text(err)).isEmpty();
  }

  @Test
  void aLongPromptIsToldAtOnce() {
    Console console = console(EnumSet.of(Stream.STDERR), Map.of("TERM", "xterm"));
    new AnswerPrinter(console, new PlainText(console), _ -> {}).start(100_000);

    assertThat(text(err)).isEqualTo("\r\u001b[K\u001b[2mreading the prompt ...\u001b[0m");
  }

  @Test
  void awayFromATerminalThereIsNoProgress() {
    AnswerPrinter printer = new AnswerPrinter(console(Set.of(), Map.of("TERM", "xterm")));
    printer.start(100_000);
    printer.onPrefill(512, 1000);
    printer.onText("Yes\n");
    printer.finish(false);

    assertThat(text(err)).isEmpty();
    assertThat(text(out)).isEqualTo("Yes\n");
  }

  @Test
  void emptyAnswerIsAnEmptyLine() {
    new AnswerPrinter(console(Set.of(), Map.of())).finish(true);

    assertThat(text(out)).isEqualTo("\n");
  }

  @Test
  void anAnswerDoesNotSteerTheTerminal() {
    PlainText seen = new PlainText(console(EnumSet.of(Stream.STDOUT), Map.of()));
    seen.accept("a\u001b[2J\r\tb\n");
    seen.finish();
    PlainText piped = new PlainText(console(Set.of(), Map.of()));
    piped.accept("\u001b");
    piped.finish();

    assertThat(text(out)).isEqualTo("a\\u001b[2J\tb\n\u001b\n");
  }

  private Console console(Set<Stream> terminals, Map<String, String> environment) {
    return new Console(InputStream.nullInputStream(), out, err, terminals, environment);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
