package dev.chaski.cli;

import dev.chaski.Chaski;
import dev.chaski.Options;
import dev.chaski.cli.terminal.Console;
import dev.chaski.format.FileAccess;
import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.WarmUp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Options that say which model to open, and how. */
final class ModelOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec mixee;

  @Option(
      names = {"-m", "--model"},
      paramLabel = "PATH",
      description =
          "A GGUF file (of a split model, any part) or the folder of a Hugging Face model. Default:"
              + " Cria, the tiny one inside.")
  private Path model;

  @Option(
      names = {"-c", "--ctx-size"},
      paramLabel = "N",
      description = "Tokens of context; 0 for as many as the model was made for (default).")
  private int contextLength;

  @Option(
      names = {"-t", "--threads"},
      paramLabel = "N",
      description = "Threads that compute. Default: one for each core.")
  private Integer threads;

  @Option(
      names = {"-b", "--batch-size"},
      paramLabel = "N",
      description = "Prompt tokens of one pass. Default: 512.")
  private Integer batchSize;

  @Option(
      names = {"--kv-type", "--kv"},
      paramLabel = "TYPE",
      converter = KvType.class,
      description = "How the context is stored: f16 (default), f32 or q8_0.")
  private TensorType kvType;

  @Option(
      names = "--kernels",
      paramLabel = "NAME",
      description = "What computes: vector, scalar. Default: the best that works here.")
  private String kernels;

  @Option(
      names = {"-ngl", "--gpu-layers"},
      paramLabel = "N",
      description =
          "With --kernels tornado, layers on the GPU: the last N and the output; the processor has"
              + " the rest. More than there are mean all. Default: all.")
  private Integer gpuLayers;

  @Option(
      names = "--no-mmap",
      description =
          "Copy the model into memory first, instead of reading it where it lies: for files that"
              + " others may change meanwhile.")
  private boolean inMemory;

  /** The model's file, unless it is the one inside. */
  Optional<Path> model() {
    return Optional.ofNullable(model);
  }

  /** Prompt tokens of one pass. */
  int batchSize() {
    return toOptions().prefillBatch();
  }

  /**
   * Opens the model, and tells if memory is short for it.
   *
   * @throws ParameterException if an option is wrong
   */
  Chaski open(Console console) throws IOException {
    return open(console, Optional.empty());
  }

  /** As {@link #open(Console)}, beside a warm-up that this ends. */
  Chaski open(Console console, Optional<WarmUp> warmUp) throws IOException {
    Options options = toOptions();
    try {
      Chaski chaski = open(options, warmUp);
      chaski.memoryPlan().warning().ifPresent(text -> console.note("chaski: note: " + text));
      return chaski;
    } catch (IllegalArgumentException e) {
      throw usage(e);
    }
  }

  private Chaski open(Options options, Optional<WarmUp> warmUp) throws IOException {
    if (model == null) {
      return EmbeddedModel.open(options);
    }
    return warmUp.isPresent()
        ? Chaski.open(model, options, warmUp.get())
        : Chaski.open(model, options);
  }

  /** The options for the library. */
  Options toOptions() {
    Options options = Options.defaults();
    try {
      options = options.withContextLength(contextLength);
      options = inMemory ? options.withWeightsAccess(FileAccess.IN_MEMORY) : options;
      options = threads == null ? options : options.withThreads(threads);
      options = batchSize == null ? options : options.withPrefillBatch(batchSize);
      options = kvType == null ? options : options.withKvType(kvType);
      options = gpuLayers == null ? options : options.withGpuLayers(gpuLayers);
      return kernels == null ? options : options.withKernels(kernels);
    } catch (IllegalArgumentException e) {
      throw usage(e);
    }
  }

  private ParameterException usage(IllegalArgumentException e) {
    return new ParameterException(mixee.commandLine(), e.getMessage(), e);
  }

  /** {@code f16}, {@code f32} or {@code q8_0}. */
  static final class KvType implements ITypeConverter<TensorType> {
    @Override
    public TensorType convert(String value) {
      return switch (value.toLowerCase(Locale.ROOT)) {
        case "f16" -> TensorType.F16;
        case "f32" -> TensorType.F32;
        case "q8_0" -> TensorType.Q8_0;
        default -> throw new TypeConversionException("'" + value + "' is not f16, f32 or q8_0");
      };
    }
  }
}
