package dev.chaski.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code chaski} itself: without a subcommand it explains itself. */
@Command(
    name = "chaski",
    description = "Runs Llama 3.1-family models, in pure Java.",
    mixinStandardHelpOptions = true,
    versionProvider = CommandVersion.class,
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done (or the reader of the output had enough)",
      "1:failure: a bad model, a file that cannot be read or written",
      "2:usage: a wrong or missing option",
      "130:interrupted (Ctrl-C)"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  chaski chat                           talk to Cria, the tiny model inside",
      "  chaski chat -m llama-3.1-8b-q8_0.gguf",
      "  chaski run -p \"What is the capital of Peru?\"",
      "  chaski run -m model.gguf -p \"Summarize:\" < report.txt > summary.txt",
      "  chaski info -m model.gguf",
      "",
      "'chaski help COMMAND' or 'chaski COMMAND --help' explains a command.",
      "",
      "Variables of the environment:",
      "  JAVA_HOME          the JDK to use, if it is 25 or newer",
      "  CHASKI_JAVA_OPTS   more options for the JVM, as -Xmx8g",
      "  CHASKI_DEBUG       if set, a failure prints its stack trace",
      "  NO_COLOR           if set, output is not styled"
    })
final class ChaskiCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Print the stack trace of a failure.")
  private boolean debug;

  boolean isDebug() {
    return debug;
  }

  @Override
  public void run() {
    CommandLine commandLine = spec.commandLine();
    commandLine.usage(commandLine.getOut());
  }
}
