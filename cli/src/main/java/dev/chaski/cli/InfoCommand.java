package dev.chaski.cli;

import dev.chaski.Chaski;
import dev.chaski.cli.terminal.Console;
import dev.chaski.cli.terminal.Console.Stream;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code chaski info}: what a model is and what would compute it. */
@Command(
    name = "info",
    description = "Shows what a model is, what would compute it here, and why.",
    mixinStandardHelpOptions = true,
    versionProvider = CommandVersion.class,
    sortOptions = false,
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {"  chaski info", "  chaski info -m model.gguf --kernels scalar"})
final class InfoCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private ModelOptions modelOptions;

  InfoCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    try (Chaski chaski = modelOptions.open(console)) {
      ModelReport report =
          new ModelReport(chaski, modelOptions.toOptions(), console.style(Stream.STDOUT));
      console.print(report.text(modelOptions.model().isPresent()));
    }
    return ExitStatus.OK;
  }
}
