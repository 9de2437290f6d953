package dev.chaski.load;

import dev.chaski.Chaski;
import dev.chaski.Options;
import dev.chaski.ProjectFiles;
import dev.chaski.convert.FileType;
import dev.chaski.convert.QuantizationPlan;
import dev.chaski.convert.Quantizer;
import dev.chaski.format.FileAccess;
import dev.chaski.generate.GenerationOptions;
import dev.chaski.gguf.GgufFile;
import dev.chaski.kernels.parallel.WorkerPool;
import dev.chaski.sample.SamplingOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * A program of its own, as what it does may end the JVM: cuts the file of a model while it answers,
 * many times, each at another moment.
 */
final class CutRace {
  private static final String PROMPT = "Once upon a time there was a llama who lived in the";
  private static final int WARM_UP_ANSWERS = 12;
  private static final int LONGEST_NANOS = 20_000_000;
  private static final GenerationOptions GENERATION =
      GenerationOptions.defaults()
          .withSampling(SamplingOptions.greedy())
          .withIgnoreStopTokens(true)
          .withMaxTokens(60);

  private CutRace() {}

  /** Arguments: the type of the weights, access, how many times, folder. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path model = Path.of(args[3], "whole.gguf");
    try (GgufFile source = GgufFile.open(ProjectFiles.embeddedModel());
        WorkerPool pool = new WorkerPool(2)) {
      new Quantizer(pool)
          .write(QuantizationPlan.of(source, FileType.valueOf(args[0])), model, (_, _, _) -> {});
    }
    Options options =
        Options.defaults()
            .withKernels("vector")
            .withThreads(2)
            .withWeightsAccess(FileAccess.valueOf(args[1]));
    String expected = "";
    try (Chaski chaski = Chaski.open(model, options)) {
      for (int i = 0; i < WARM_UP_ANSWERS; i++) {
        expected = chaski.complete(PROMPT, GENERATION, _ -> {}).text();
      }
    }
    Random random = new Random(1);
    int times = Integer.parseInt(args[2]);
    for (int i = 0; i < times; i++) {
      Path file = model.resolveSibling("model.gguf");
      Files.copy(model, file, StandardCopyOption.REPLACE_EXISTING);
      cutWhileAnswering(file, options, random.nextInt(LONGEST_NANOS), expected);
    }
    System.out.println(times + " times cut, still running");
  }

  private static void cutWhileAnswering(Path file, Options options, long nanos, String expected)
      throws IOException, InterruptedException {
    try (Chaski chaski = Chaski.open(file, options)) {
      Thread cutter =
          Thread.ofPlatform()
              .start(() -> {
                LockSupport.parkNanos(nanos);
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                  channel.truncate(0);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      try {
        boolean cut;
        do { // a copy answers once more after the cut, a mapped file fails
          cut = options.weightsAccess() == FileAccess.IN_MEMORY && !cutter.isAlive();
          String answer = chaski.complete(PROMPT, GENERATION, _ -> {}).text();
          if (!answer.equals(expected)) {
            throw new IllegalStateException(answer + " is not " + expected);
          }
        } while (!cut);
      } catch (UncheckedIOException e) {
        if (!e.getMessage().contains("while in use")) {
          throw e;
        }
      }
      cutter.join();
    }
  }
}
