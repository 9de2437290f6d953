package dev.chaski.cli;

import dev.chaski.Options;
import dev.chaski.cli.terminal.Console;
import dev.chaski.cli.terminal.Interrupts;
import dev.chaski.cli.terminal.Sizes;
import dev.chaski.convert.QuantizationListener;
import dev.chaski.generate.Cancellation;
import dev.chaski.kernels.parallel.WorkerPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * How a command writes a model file: with threads, progress, Ctrl-C and a summary. A mixin of those
 * that do.
 */
final class WatchedWriting {
  /** What remains to be said by the command itself. */
  interface Work {
    /** Writes the file, telling the listener. */
    void write(WorkerPool pool, QuantizationListener listener) throws IOException;
  }

  private static final Duration BETWEEN_LINES = Duration.ofMillis(100);

  @Spec(Spec.Target.MIXEE)
  private CommandSpec mixee;

  @Option(
      names = {"-t", "--threads"},
      paramLabel = "N",
      description = "Threads that compute. Default: one for each core.")
  private Integer threads;

  private final long start = System.nanoTime();
  private long lastLine = start;

  /**
   * Does the work, unless it is interrupted, and answers the exit status.
   *
   * @param notices what is said before
   * @param summary what is said of the file that was written
   */
  int run(Console console, List<String> notices, Work work, Summary summary) throws IOException {
    Cancellation cancellation = new Cancellation();
    try (WorkerPool pool = pool()) {
      notices.forEach(notice -> console.note("chaski: note: " + notice));
      try (Interrupts.Guard _ = Interrupts.cancellingBeforeExit(cancellation)) {
        work.write(
            pool,
            (tensor, done, total) -> {
              if (cancellation.isCancelled()) {
                throw new CancellationException();
              }
              showProgress(console, tensor, done, total);
            });
      } finally {
        console.eraseProgress();
      }
      console.println(summary.text(Duration.ofNanos(System.nanoTime() - start)));
    } catch (CancellationException _) {
      console.note("chaski: interrupted, nothing was written");
      return ExitStatus.INTERRUPTED;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(mixee.commandLine(), e.getMessage(), e);
    }
    return ExitStatus.OK;
  }

  private WorkerPool pool() {
    return new WorkerPool(threads == null ? Options.defaults().threads() : threads);
  }

  private void showProgress(Console console, String tensor, long done, long total) {
    long now = System.nanoTime();
    if (now - lastLine >= BETWEEN_LINES.toNanos()) {
      lastLine = now;
      console.showProgress(
          "%3d%% of %s: %s".formatted(100 * done / total, Sizes.bytes(total), tensor));
    }
  }

  /**
   * What was written.
   *
   * @param out the file
   * @param type what most of its weights are
   * @param values number of weights
   * @param oldFileBytes size of what was read
   * @param oldBytes size of its weights
   * @param newBytes size of the new weights
   */
  record Summary(
      Path out, String type, long values, long oldFileBytes, long oldBytes, long newBytes) {
    private String text(Duration time) throws IOException {
      return String.format(
          Locale.ROOT,
          "%s: %s, %s, %.2f bits a weight; was %s, %.2f bits; took %.1f s",
          out,
          type,
          Sizes.bytes(Files.size(out)),
          8.0 * newBytes / values,
          Sizes.bytes(oldFileBytes),
          8.0 * oldBytes / values,
          time.toMillis() / 1000.0);
    }
  }
}
