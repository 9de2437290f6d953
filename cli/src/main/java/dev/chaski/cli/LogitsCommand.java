package dev.chaski.cli;

import dev.chaski.Chaski;
import dev.chaski.cli.terminal.Console;
import dev.chaski.model.Activations;
import dev.chaski.model.Batch;
import dev.chaski.model.KvCache;
import dev.chaski.model.LlamaModel;
import dev.chaski.model.NonFiniteSearch;
import dev.chaski.sample.UnusableLogitsException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.core.io.JsonStringEncoder;

/** {@code chaski logits}: what the model computes, for comparison with other engines. */
@Command(
    name = "logits",
    description = {
      "Writes the logits that follow token ids, to compare engines.",
      "They are raw little-endian float32, one row of the size of the vocabulary for each"
          + " position, in the order asked for. Prints their shape as JSON."
    },
    mixinStandardHelpOptions = true,
    versionProvider = CommandVersion.class,
    sortOptions = false,
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  chaski logits --ids 1,15,27 -o last.bin",
      "  chaski logits -m model.gguf --ids 1,15,27 --positions 1,2 --kv f32 -o rows.bin"
    })
final class LogitsCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec;

  @Option(
      names = "--ids",
      split = ",",
      required = true,
      paramLabel = "ID",
      description = "The token ids; nothing is added to them.")
  private int[] ids;

  @Option(
      names = "--positions",
      split = ",",
      paramLabel = "I",
      description = "Which of them, from 0, to write the following logits of. Default: the last.")
  private int[] positions;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "FILE",
      description = "Where to. The file appears when it is complete.")
  private Path output;

  @Mixin private ModelOptions modelOptions;

  LogitsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    int[] wanted = positions == null ? new int[] {ids.length - 1} : positions;
    for (int position : wanted) {
      if (position < 0 || position >= ids.length) {
        throw usage(
            "--positions has "
                + position
                + ", with "
                + ids.length
                + " ids they go from 0 to "
                + (ids.length - 1));
      }
    }
    try (Chaski chaski = modelOptions.open(console)) {
      int vocabSize = chaski.loaded().model().config().vocabSize();
      for (int id : ids) {
        if (id < 0 || id >= vocabSize) {
          throw usage("--ids has " + id + ", the vocabulary goes from 0 to " + (vocabSize - 1));
        }
      }
      if (ids.length > chaski.contextLength()) {
        throw usage(
            ids.length + " ids do not fit a context of " + chaski.contextLength() + " (-c)");
      }
      try (LogitsFile file = new LogitsFile(output, vocabSize)) {
        compute(chaski, wanted, file);
        file.complete();
      }
      console.println(
          "{\"shape\":[%d,%d],\"dtype\":\"float32\",\"file\":\"%s\"}"
              .formatted(
                  wanted.length,
                  vocabSize,
                  new String(JsonStringEncoder.getInstance().quoteAsCharArray(output.toString()))));
    }
    return ExitStatus.OK;
  }

  /** Runs the ids through the model, a batch at a time, and keeps the rows that are wanted. */
  private void compute(Chaski chaski, int[] wanted, LogitsFile file) throws IOException {
    LlamaModel model = chaski.loaded().model();
    Activations activations = model.newActivations();
    Batch batch = new Batch();
    BitSet wantedSet = IntStream.of(wanted).collect(BitSet::new, BitSet::set, BitSet::or);
    float[] row = new float[model.config().vocabSize()];
    try (KvCache cache =
        model.newCache(modelOptions.toOptions().kvType(), chaski.contextLength())) {
      for (int from = 0; from < ids.length; from += modelOptions.batchSize()) {
        int to = Math.min(ids.length, from + modelOptions.batchSize());
        batch.clear();
        for (int i = from; i < to; i++) {
          batch.add(cache, ids[i], wantedSet.get(i));
        }
        model.forward(batch, activations);
        int[] rows = wantedSet.stream().filter(within(from, to)).toArray();
        for (int i = 0; i < rows.length; i++) {
          model.readLogits(activations, i, row);
          int position = rows[i];
          requireFinite(row, model, cache, position);
          for (int out : places(wanted, position)) {
            file.write(out, row);
          }
        }
      }
    }
  }

  /** What is compared should be numbers, and whoever gets none wants to know where they end. */
  private void requireFinite(float[] row, LlamaModel model, KvCache cache, int position) {
    int bad = NonFiniteSearch.firstIn(row);
    if (bad >= 0) {
      cache.truncate(position);
      throw UnusableLogitsException.notFinite(
          row[bad],
          "the logit of token %d of %d at position %d".formatted(bad, row.length, position),
          new NonFiniteSearch(model).find(cache, ids[position]));
    }
  }

  private static java.util.function.IntPredicate within(int from, int to) {
    return i -> i >= from && i < to;
  }

  private static int[] places(int[] wanted, int position) {
    return IntStream.range(0, wanted.length).filter(i -> wanted[i] == position).toArray();
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
