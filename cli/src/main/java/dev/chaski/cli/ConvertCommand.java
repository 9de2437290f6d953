package dev.chaski.cli;

import dev.chaski.cli.terminal.Console;
import dev.chaski.convert.ExportPlan;
import dev.chaski.convert.FileType;
import dev.chaski.convert.GgufExporter;
import dev.chaski.load.HuggingFaceModel;
import dev.chaski.safetensors.SafetensorsCheckpoint;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code chaski convert}: a Hugging Face checkpoint as a GGUF file. */
@Command(
    name = "convert",
    description = {
      "Writes a Hugging Face checkpoint as one GGUF file.",
      "%nWith the vocabulary, the chat templates and the author's sampling, under the names that"
          + " llama.cpp reads. Weights stay what they are, but for FP8, which GGUF cannot hold: it"
          + " becomes BF16. With --type they become any type that 'chaski quantize' writes, at"
          + " once. The file appears when it is complete; one of that name is replaced then."
    },
    mixinStandardHelpOptions = true,
    versionProvider = CommandVersion.class,
    sortOptions = false,
    parameterListHeading = "%nParameters:%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  chaski convert Llama-3.1-8B-Instruct llama-bf16.gguf",
      "  chaski convert Llama-3.1-8B-Instruct-FP8 llama-q4_k_m.gguf --type Q4_K_M"
    })
final class ConvertCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      index = "0",
      paramLabel = "FOLDER",
      description = "The checkpoint: its folder, or a safetensors file in it.")
  private Path folder;

  @Parameters(index = "1", paramLabel = "OUT", description = "The file to write.")
  private Path out;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description =
          "What matrices become: ${COMPLETION-CANDIDATES}, in any case. Default: what they are.")
  private FileType fileType;

  @Mixin private WatchedWriting writing;

  ConvertCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (Files.isRegularFile(folder) && !SafetensorsCheckpoint.isNamed(folder)) {
      throw new FileSystemException(
          folder.toString(),
          null,
          "expected the folder of a Hugging Face checkpoint, or a safetensors file in it;"
              + " 'chaski quantize' rewrites GGUF files");
    }
    try (HuggingFaceModel source = HuggingFaceModel.open(folder)) {
      ExportPlan plan = ExportPlan.of(source, Optional.ofNullable(fileType));
      WatchedWriting.Summary summary =
          new WatchedWriting.Summary(
              out,
              plan.fileType().name(),
              plan.values(),
              source.checkpoint().byteSize(),
              plan.sourceBytes(),
              plan.targetBytes());
      return writing.run(
          console,
          plan.notices(),
          (pool, listener) -> new GgufExporter(pool).write(plan, out, listener),
          summary);
    }
  }
}
