package dev.chaski.cli;

import dev.chaski.Chaski;
import dev.chaski.cli.terminal.Console;
import dev.chaski.cli.terminal.Console.Stream;
import dev.chaski.cli.terminal.StandardInput;
import dev.chaski.kernels.TensorType;
import dev.chaski.load.LoadedTokenizer;
import dev.chaski.measure.Perplexity;
import dev.chaski.measure.Perplexity.Estimate;
import dev.chaski.model.LlamaModel;
import dev.chaski.tokenizer.SpecialTokens;
import dev.chaski.tokenizer.TokenBuffer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code chaski perplexity}: how well a model predicts a text. */
@Command(
    name = "perplexity",
    description = {
      "Measures how well a model predicts a text, as llama-perplexity does.",
      "The text is cut into chunks of -c tokens; in each, the tokens of the second half are"
          + " scored. Prints the estimate after each chunk, then the last with its standard error."
          + " Lower is better."
    },
    mixinStandardHelpOptions = true,
    versionProvider = CommandVersion.class,
    sortOptions = false,
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  chaski perplexity -m model.gguf -f wiki.test.raw",
      "  chaski perplexity -m model.gguf -f wiki.test.raw -c 2048 --chunks 20"
    })
final class PerplexityCommand implements Callable<Integer> {
  /** Of llama-perplexity. */
  private static final int DEFAULT_CONTEXT = 512;

  private final Console console;

  @Spec private CommandSpec spec;

  @Option(
      names = {"-f", "--file"},
      required = true,
      paramLabel = "FILE",
      description =
          "The text, UTF-8. Its last line end does not count; names of special tokens are text.")
  private Path file;

  @Option(
      names = "--chunks",
      paramLabel = "N",
      description = "Chunks to score at most. Default: all.")
  private int maxChunks = Integer.MAX_VALUE;

  @Mixin private ModelOptions modelOptions;

  PerplexityCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    String text = StandardInput.readText(file);
    try (Chaski chaski = modelOptions.open(console)) {
      LlamaModel model = chaski.loaded().model();
      int wanted = modelOptions.toOptions().contextLength();
      int context = wanted == 0 ? Math.min(DEFAULT_CONTEXT, chaski.contextLength()) : wanted;
      LoadedTokenizer tokenizer = chaski.loaded().tokenizer();
      int[] ids = ids(tokenizer, text);
      TensorType kvType = modelOptions.toOptions().kvType();
      Estimate estimate;
      try {
        Perplexity perplexity =
            new Perplexity(model, kvType, context, modelOptions.batchSize(), tokenizer.bos());
        int chunks = Math.min(maxChunks, ids.length / context);
        console.showProgress("%d tokens, %d chunks of %d".formatted(ids.length, chunks, context));
        estimate = perplexity.measure(ids, maxChunks, new Progress(chunks)::show);
      } catch (IllegalArgumentException e) {
        console.eraseProgress();
        throw new ParameterException(spec.commandLine(), file + ": " + e.getMessage(), e);
      }
      console.print(
          String.format(
              Locale.ROOT,
              "%nFinal estimate: PPL = %.4f +/- %.5f%n",
              estimate.perplexity(),
              estimate.error()));
    }
    return ExitStatus.OK;
  }

  private static int[] ids(LoadedTokenizer tokenizer, String text) {
    TokenBuffer ids = new TokenBuffer(text.length() / 3);
    OptionalInt bos = tokenizer.bos();
    bos.ifPresent(ids::add);
    tokenizer.tokenizer().encode(text, SpecialTokens.AS_TEXT, ids);
    return ids.toArray();
  }

  /** Prints estimates, and how long the rest will take. */
  private final class Progress {
    private final int chunks;
    private final long start = System.nanoTime();

    Progress(int chunks) {
      this.chunks = chunks;
    }

    void show(Estimate estimate) {
      console.eraseProgress();
      console.print(
          String.format(Locale.ROOT, "[%d]%.4f,", estimate.chunks(), estimate.perplexity()));
      boolean isOnOtherLine = !console.isTerminal(Stream.STDOUT);
      if (isOnOtherLine && estimate.chunks() < chunks) {
        long seconds =
            (System.nanoTime() - start)
                / 1_000_000_000
                * (chunks - estimate.chunks())
                / estimate.chunks();
        console.showProgress(
            "%d of %d chunks, %d s left".formatted(estimate.chunks(), chunks, seconds));
      }
    }
  }
}
