package dev.chaski.cli.chat;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What somebody typed into a chat: a message, or a command that starts with a slash. */
sealed interface ChatInput {
  /** Every command. */
  List<String> COMMANDS =
      List.of(
          "/help", "/system", "/reset", "/save", "/load", "/json", "/tools", "/model", "/stats",
          "/exit");

  /** What {@code /help} says; at most 60 columns. */
  String HELP =
      """
      /system TEXT   start again with this system message
      /system        show the system message
      /reset         start again
      /save FILE     write the conversation to a file
      /load FILE     go on with a saved conversation
      /json          answers are JSON objects; again: any text
      /json SCHEMA   ... are JSON of this schema, a file or {...}
      /tools         what the model may call
      /model         model, template, context, kernels
      /stats         tokens, speeds, context
      /help          this list
      /exit          leave (also /quit, Ctrl-D)
      \\ at the end of a line continues it on the next one;
      \"""  starts and ends a message of many lines,
      and text that is pasted stays one message;
      //  starts a message that begins with a slash.
      Ctrl-C stops an answer; at an empty prompt it leaves.\
      """;

  /** Something that begins with a slash, but for {@code /exit}. */
  sealed interface Command extends ChatInput {}

  /** For the model. */
  record Say(String text) implements ChatInput {}

  /** {@code /help}. */
  record Help() implements Command {}

  /**
   * {@code /system}.
   *
   * @param text the new system message; empty to see the present one
   */
  record SystemMessage(String text) implements Command {}

  /** {@code /reset}. */
  record Reset() implements Command {}

  /**
   * {@code /save}.
   *
   * @param file as it was typed; may be empty
   */
  record Save(String file) implements Command {}

  /**
   * {@code /load}.
   *
   * @param file as it was typed; may be empty
   */
  record Load(String file) implements Command {}

  /**
   * {@code /json}.
   *
   * @param format {@code on}, {@code off}, a file or a JSON Schema; empty for the other one
   */
  record Json(String format) implements Command {}

  /** {@code /tools}. */
  record Tools() implements Command {}

  /** {@code /model}. */
  record Model() implements Command {}

  /** {@code /stats}. */
  record Stats() implements Command {}

  /** {@code /exit}. */
  record Exit() implements ChatInput {}

  /** No command of ours. */
  record Unknown(String command) implements Command {}

  /** What {@code typed} means. A path, as {@code /usr/lib}, is no command. */
  static ChatInput of(String typed) {
    if (typed.startsWith("//")) {
      return new Say(typed.substring(1));
    }
    Matcher command = Syntax.COMMAND.matcher(typed.strip());
    if (!command.matches()) {
      return new Say(typed);
    }
    String argument = command.group(2) == null ? "" : command.group(2).strip();
    return switch (command.group(1)) {
      case "/help", "/?" -> new Help();
      case "/system" -> new SystemMessage(argument);
      case "/reset" -> new Reset();
      case "/save" -> new Save(argument);
      case "/load" -> new Load(argument);
      case "/json" -> new Json(argument);
      case "/tools" -> new Tools();
      case "/model" -> new Model();
      case "/stats" -> new Stats();
      case "/exit", "/quit" -> new Exit();
      default -> new Unknown(command.group(1));
    };
  }

  /** Patterns. */
  final class Syntax {
    private static final Pattern COMMAND = Pattern.compile("(?s)(/[a-z?]+)(\\s.*)?");

    private Syntax() {}
  }
}
