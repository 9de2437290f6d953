package dev.chaski.cli;

import dev.chaski.cli.terminal.Console;
import dev.chaski.convert.FileType;
import dev.chaski.convert.QuantizationPlan;
import dev.chaski.convert.Quantizer;
import dev.chaski.gguf.GgufFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

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
  private final Console console;

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

  @Mixin private WatchedWriting writing;

  QuantizeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    try (GgufFile source = GgufFile.open(in)) {
      QuantizationPlan plan = QuantizationPlan.of(source, fileType);
      WatchedWriting.Summary summary =
          new WatchedWriting.Summary(
              out,
              fileType.name(),
              plan.values(),
              source.byteSize(),
              plan.sourceBytes(),
              plan.targetBytes());
      return writing.run(
          console,
          plan.notices(),
          (pool, listener) -> new Quantizer(pool).write(plan, out, listener),
          summary);
    }
  }
}
