package dev.chaski.cli;

import dev.chaski.Chaski;
import dev.chaski.ChatAnswer;
import dev.chaski.ChatListener;
import dev.chaski.ChatOptions;
import dev.chaski.ChatSession;
import dev.chaski.chat.tool.ToolCall;
import dev.chaski.cli.chat.ConsoleTools;
import dev.chaski.cli.chat.LineSource;
import dev.chaski.cli.chat.PipedLines;
import dev.chaski.cli.chat.TerminalLines;
import dev.chaski.cli.terminal.AnswerPrinter;
import dev.chaski.cli.terminal.Console;
import dev.chaski.cli.terminal.Console.Stream;
import dev.chaski.cli.terminal.Interrupts;
import dev.chaski.cli.terminal.Speeds;
import dev.chaski.cli.tool.CommandTool;
import dev.chaski.format.JsonTree;
import dev.chaski.generate.Cancellation;
import dev.chaski.generate.FinishReason;
import dev.chaski.generate.Generation;
import dev.chaski.sample.SamplingOptions;
import java.io.IOException;
import java.util.List;

/** Answers one prompt, once or several times, and prints that. */
final class PromptRun {
  private final Console console;
  private final Chaski chaski;
  private final ChatOptions options;
  private final boolean raw;
  private final boolean quiet;

  /**
   * A run of a model.
   *
   * @param raw whether the prompt is continued as it is
   * @param quiet whether speeds are left out
   */
  PromptRun(Console console, Chaski chaski, ChatOptions options, boolean raw, boolean quiet) {
    this.console = console;
    this.chaski = chaski;
    this.options = options;
    this.raw = raw;
    this.quiet = quiet;
  }

  /**
   * Prints one answer as it comes, and runs the tools that it calls, if somebody may say yes to
   * that.
   *
   * @param allowed whether somebody has said yes before
   * @return whether it was cancelled
   */
  boolean single(String text, List<CommandTool> tools, boolean allowed) throws IOException {
    AnswerPrinter printer = new AnswerPrinter(console);
    ChatAnswer answer;
    try {
      printer.start(text.length());
      answer = answer(text, tools, allowed, printer);
    } finally {
      printer.eraseProgress();
    }
    printer.finish(answer.text().isEmpty() && answer.toolCalls().isEmpty());
    printCalls(answer.toolCalls());
    report(answer.generation());
    return answer.finishReason() == FinishReason.CANCELLED;
  }

  private ChatAnswer answer(
      String text, List<CommandTool> tools, boolean allowed, AnswerPrinter printer)
      throws IOException {
    if (raw) {
      try (Interrupts.Guard _ = Interrupts.cancelling(cancellation())) {
        Generation generation = chaski.complete(text, options.generation(), printer);
        return new ChatAnswer(generation.text(), List.of(), generation);
      }
    }
    boolean asking = console.isTerminal(Stream.STDIN) && !tools.isEmpty();
    try (ChatSession session = chaski.chat(options);
        LineSource lines = asking ? new TerminalLines(console) : new PipedLines(console);
        Interrupts.Guard _ = lines.answering(cancellation())) {
      if (!asking && !allowed) {
        return session.send(text, printer);
      }
      ConsoleTools runner = new ConsoleTools(console, lines, tools, allowed);
      return session.send(text, runner, printer);
    }
  }

  /**
   * Prints several answers, once they are complete, an empty line between them.
   *
   * @return whether they were cancelled
   */
  boolean several(String text, int count) throws IOException {
    SamplingOptions sampling = options.generation().sampling().seeded();
    ChatOptions seeded = options.withGeneration(options.generation().withSampling(sampling));
    AnswerPrinter progress = new AnswerPrinter(console);
    List<ChatAnswer> answers;
    try (Interrupts.Guard _ = Interrupts.cancelling(cancellation())) {
      progress.start(text.length());
      answers = answers(text, count, seeded, progress);
    } finally {
      progress.eraseProgress();
    }
    for (int i = 0; i < count; i++) {
      if (i > 0) {
        console.print("\n");
      }
      note(
          "answer %d of %d, seed %d"
              .formatted(i + 1, count, sampling.ofAnswer(i).seed().getAsLong()));
      print(answers.get(i));
      report(answers.get(i).generation());
    }
    return answers.stream().anyMatch(it -> it.finishReason() == FinishReason.CANCELLED);
  }

  private List<ChatAnswer> answers(
      String text, int count, ChatOptions seeded, AnswerPrinter progress) throws IOException {
    Silent first = new Silent(progress);
    if (raw) {
      return chaski
          .completeSeveral(
              text, count, seeded.generation(), i -> i == 0 ? first : ChatListener.NONE)
          .stream()
          .map(generation -> new ChatAnswer(generation.text(), List.of(), generation))
          .toList();
    }
    try (ChatSession session = chaski.chat(seeded)) {
      return session.answers(text, count, i -> i == 0 ? first : ChatListener.NONE);
    }
  }

  /** Shows how the prompt is read, and no text. */
  private record Silent(AnswerPrinter progress) implements ChatListener {
    @Override
    public void onText(String piece) {}

    @Override
    public void onPrefill(int done, int total) {
      progress.onPrefill(done, total);
    }
  }

  private void print(ChatAnswer answer) {
    AnswerPrinter printer = new AnswerPrinter(console);
    if (!answer.text().isEmpty()) {
      printer.onText(answer.text());
    }
    printer.finish(answer.text().isEmpty() && answer.toolCalls().isEmpty());
    printCalls(answer.toolCalls());
  }

  /** Calls that nobody runs here, for whoever reads the output. */
  private void printCalls(List<ToolCall> calls) {
    calls.forEach(call -> console.println(JsonTree.write(call.toOpenAi())));
  }

  private void report(Generation generation) throws IOException {
    for (String line : LogProbTable.lines(generation.logProbs(), chaski.tokenizer())) {
      console.note(line);
    }
    note(Speeds.line(generation));
  }

  private void note(String line) {
    if (!quiet) {
      console.note(console.style(Stream.STDERR).dim(line));
    }
  }

  private Cancellation cancellation() {
    return options.generation().cancellation();
  }
}
