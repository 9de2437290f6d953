package dev.chaski.cli.chat;

import dev.chaski.Chaski;
import dev.chaski.ChatSession;
import dev.chaski.cli.terminal.Console;
import dev.chaski.cli.terminal.Console.Stream;
import dev.chaski.cli.terminal.FileFaults;
import dev.chaski.cli.terminal.Rows;
import dev.chaski.cli.terminal.Settings;
import dev.chaski.cli.terminal.Sizes;
import dev.chaski.cli.terminal.Speeds;
import dev.chaski.cli.terminal.Style;
import dev.chaski.generate.ResponseFormat;
import dev.chaski.load.ModelInfo;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The commands of a chat that begin with a slash. All that they say goes to stderr. */
final class ChatCommands {
  private final Console console;
  private final Chaski chaski;
  private final ChatSession session;
  private final ConsoleTools tools;
  private final Tally tally;
  private final Style style;

  ChatCommands(
      Console console, Chaski chaski, ChatSession session, ConsoleTools tools, Tally tally) {
    this.console = console;
    this.chaski = chaski;
    this.session = session;
    this.tools = tools;
    this.tally = tally;
    this.style = console.style(Stream.STDERR);
  }

  /** Does what was asked for. */
  void run(ChatInput.Command command) {
    switch (command) {
      case ChatInput.Help _ -> console.note(ChatInput.HELP);
      case ChatInput.SystemMessage(String text) -> system(text);
      case ChatInput.Reset _ -> {
        session.reset();
        dim("The conversation starts again.");
      }
      case ChatInput.Save(String file) -> save(file);
      case ChatInput.Load(String file) -> load(file);
      case ChatInput.Json(String format) -> json(format);
      case ChatInput.Tools _ -> console.note(tools.listing());
      case ChatInput.Model _ -> model();
      case ChatInput.Stats _ -> stats();
      case ChatInput.Unknown(String name) ->
          complain("there is no command " + name + "; /help lists them");
    }
  }

  private void system(String text) {
    if (text.isEmpty()) {
      String present = session.options().system();
      console.note(present.isEmpty() ? "There is no system message." : present);
    } else {
      session.system(text);
      dim("The conversation starts again with this system message.");
    }
  }

  private void save(String file) {
    withFile(
        "/save",
        file,
        path -> {
          session.save(path);
          dim("Saved " + messages() + " to " + path + "; /load goes on with them.");
        });
  }

  private void load(String file) {
    withFile(
        "/load",
        file,
        path -> {
          session.load(path);
          dim("Going on after " + messages() + "; they are read again with the next one.");
        });
  }

  private String messages() {
    int count = session.messages().size();
    return count == 1 ? "1 message" : count + " messages";
  }

  /** Does something with a file, and says what went wrong. */
  private void withFile(String command, String file, FileAction action) {
    if (file.isEmpty()) {
      complain(command + " needs the name of a file");
      return;
    }
    try {
      action.run(Path.of(expanded(file)));
    } catch (IOException e) {
      complain(FileFaults.describe(e));
    } catch (InvalidPathException e) {
      complain(e.getMessage());
    }
  }

  /** A shell would do this. */
  private String expanded(String file) {
    return file.startsWith("~/") ? console.variable("HOME") + file.substring(1) : file;
  }

  private interface FileAction {
    void run(Path path) throws IOException;
  }

  private void json(String wanted) {
    try {
      ResponseFormat format =
          switch (wanted) {
            case "" -> isFree() ? ResponseFormat.jsonObject() : ResponseFormat.text();
            case "on" -> ResponseFormat.jsonObject();
            case "off" -> ResponseFormat.text();
            default -> AnswerFormats.jsonSchema(expanded(wanted));
          };
      session.generation(session.options().generation().withResponseFormat(format));
      dim(
          "Answers are "
              + AnswerFormats.description(format)
              + " from now on"
              + (isFree() ? "." : "; /json off ends that."));
    } catch (IOException e) {
      complain(FileFaults.describe(e));
    } catch (IllegalArgumentException e) { // a bad schema, or --ignore-eos
      complain(e.getMessage());
    }
  }

  private boolean isFree() {
    return AnswerFormats.isProse(session.options().generation().responseFormat());
  }

  private void model() {
    ModelInfo info = chaski.loaded().info();
    StringBuilder rows = new StringBuilder();
    rows.append(row("Model", name(info)));
    rows.append(row("Weights", info.summary() + ", " + Sizes.bytes(info.byteSize())));
    rows.append(row("Format", info.format()));
    rows.append(row("Chat", session.template().description()));
    rows.append(
        row(
            "Context",
            "%s tokens, %s in use"
                .formatted(
                    Sizes.grouped(session.contextLength()), Sizes.grouped(session.contextUsed()))));
    rows.append(row("Kernels", kernels()));
    rows.append(row("Sampling", sampling()));
    rows.append(
        row("Answers", AnswerFormats.description(session.options().generation().responseFormat())));
    console.note(rows.toString().stripTrailing());
  }

  private String row(String label, String text) {
    return Rows.row(style, label, text);
  }

  /** What the model is called. */
  static String name(ModelInfo info) {
    return info.name().orElseGet(() -> info.files().getFirst().getFileName().toString());
  }

  private String kernels() {
    return chaski.kernelsChoice().provider().name()
        + ": "
        + chaski.loaded().model().kernelsDescription();
  }

  private void stats() {
    console.note(
        "Answers: %d, %s tokens".formatted(tally.answers(), Sizes.grouped(tally.tokens())));
    tally.last().ifPresent(answer -> console.note("Last: " + Speeds.line(answer)));
    console.note(
        "Context: %s of %s tokens"
            .formatted(
                Sizes.grouped(session.contextUsed()), Sizes.grouped(session.contextLength())));
    console.note("Sampling: " + sampling());
    console.note("Kernels: " + chaski.loaded().model().kernelsDescription());
  }

  private String sampling() {
    return Settings.sampling(session.options().generation().sampling());
  }

  private void complain(String message) {
    console.note("chaski: " + message);
  }

  private void dim(String line) {
    console.note(style.dim(line));
  }
}
