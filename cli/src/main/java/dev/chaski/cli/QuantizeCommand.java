package dev.chaski.cli;

import dev.chaski.Options;
import dev.chaski.cli.terminal.Console;
import dev.chaski.cli.terminal.Interrupts;
import dev.chaski.cli.terminal.Sizes;
import dev.chaski.convert.FileType;
import dev.chaski.convert.QuantizationPlan;
import dev.chaski.convert.Quantizer;
import dev.chaski.generate.Cancellation;
import dev.chaski.gguf.GgufFile;
import dev.chaski.kernels.parallel.WorkerPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chaski quantize}: the same model, in fewer bits. */
@Command(
    name = "quantize",
    description = {
      "Writes a GGUF model again with its weights in another type.",
      "%nType   bits a weight, of a Llama 3.1 8B",
      "F32    32.0",
      "F16    16.0   BF16   16.0",
      "Q8_0    8.5   hardly distinguishable from F16",
      "Q6_K    6.6",
      "Q5_K_M  5.7   Q5_K_S  5.6   Q5_K  5.6   Q5_0  5.6   Q5_1  6.0",
      "Q4_K_M  4.9   Q4_K_S  4.7   Q4_K  4.6   Q4_0  4.6   Q4_1  5.1",
      "%n_M and _S give more bits to the matrices that need them most, as llama.cpp does; Q4_K and"
          + " Q5_K do not. Of any type, the output matrix gets 6.6 bits or more, and norms stay as"
          + " they are.",
      "Metadata is kept. The parts of a split model become one file. The file appears when it is"
          + " complete."
    },
    mixinStandardHelpOptions = true,
    versionProvider = CommandVersion.class,
    sortOptions = false,
    parameterListHeading = "%nParameters:%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  chaski quantize llama-f16.gguf llama-q4_k_m.gguf Q4_K_M",
      "  chaski quantize -t 4 llama-bf16-00001-of-00002.gguf llama-q8_0.gguf q8_0"
    })
final class QuantizeCommand implements Callable<Integer> {
  private static final Duration BETWEEN_LINES = Duration.ofMillis(100);

  private final Console console;

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "IN",
      description = "A GGUF file; of a split model, any part.")
  private Path in;

  @Parameters(index = "1", paramLabel = "OUT", description = "The file to write.")
  private Path out;

  @Parameters(
      index = "2",
      paramLabel = "TYPE",
      description = "One of ${COMPLETION-CANDIDATES}, in any case.")
  private FileType fileType;

  @Option(
      names = {"-t", "--threads"},
      paramLabel = "N",
      description = "Threads that compute. Default: one for each processor.")
  private Integer threads;

  private long lastLine;

  QuantizeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    long start = System.nanoTime();
    lastLine = start;
    Cancellation cancellation = new Cancellation();
    try (GgufFile source = GgufFile.open(in);
        WorkerPool pool = pool()) {
      QuantizationPlan plan = QuantizationPlan.of(source, fileType);
      plan.notices().forEach(notice -> console.note("chaski: note: " + notice));
      try (Interrupts.Guard _ = Interrupts.cancelling(cancellation)) {
        new Quantizer(pool)
            .write(
                plan,
                out,
                (tensor, done, total) -> {
                  if (cancellation.isCancelled()) {
                    throw new CancellationException();
                  }
                  showProgress(tensor, done, total);
                });
      } finally {
        console.eraseProgress();
      }
      console.println(summary(plan, Duration.ofNanos(System.nanoTime() - start)));
    } catch (CancellationException _) {
      console.note("chaski: interrupted, nothing was written");
      return ExitStatus.INTERRUPTED;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    return ExitStatus.OK;
  }

  private WorkerPool pool() {
    return new WorkerPool(threads == null ? Options.defaults().threads() : threads);
  }

  private void showProgress(String tensor, long done, long total) {
    long now = System.nanoTime();
    if (now - lastLine >= BETWEEN_LINES.toNanos()) {
      lastLine = now;
      console.showProgress(
          "%3d%% of %s: %s".formatted(100 * done / total, Sizes.bytes(total), tensor));
    }
  }

  private String summary(QuantizationPlan plan, Duration time) throws IOException {
    return String.format(
        Locale.ROOT,
        "%s: %s, %s, %.2f bits a weight; was %s, %.2f bits; took %.1f s",
        out,
        fileType,
        Sizes.bytes(Files.size(out)),
        8.0 * plan.targetBytes() / plan.values(),
        Sizes.bytes(plan.source().byteSize()),
        8.0 * plan.sourceBytes() / plan.values(),
        time.toMillis() / 1000.0);
  }
}
