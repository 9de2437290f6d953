package dev.chaski.cli.bench;

import dev.chaski.Chaski;
import dev.chaski.Options;
import dev.chaski.load.LoadedModel;
import dev.chaski.load.ModelInfo;
import dev.chaski.load.TypeCount;
import dev.chaski.measure.Machine;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What stays the same for all tests of an open model.
 *
 * @param version of Chaski
 * @param file name of the model's file or folder
 * @param type its size and the types most of it is stored in
 * @param bytes of its tensors
 * @param weights how many it has
 * @param kernels name of what computes
 * @param kernelsDescription the same for people
 * @param options how it was opened
 */
public record BenchSetup(
    String version,
    Machine machine,
    String file,
    String type,
    long bytes,
    long weights,
    String kernels,
    String kernelsDescription,
    Options options) {
  /** Of all bytes; a type that takes less is not named. */
  private static final double WORTH_NAMING = 0.05;

  /** The setup of an open model. */
  public static BenchSetup of(String version, String file, Chaski chaski, Options options) {
    LoadedModel loaded = chaski.loaded();
    ModelInfo info = loaded.info();
    TypeCount total = info.total();
    return new BenchSetup(
        version,
        Machine.current(),
        file,
        "llama " + count(total.values()) + " " + types(info, total.bytes()),
        total.bytes(),
        total.values(),
        loaded.model().kernels().name(),
        loaded.model().kernels().description(),
        options);
  }

  /** {@code Q8_0}, or {@code Q4_K+Q6_K}: what takes most first. */
  private static String types(ModelInfo info, long bytes) {
    return info.types().entrySet().stream()
        .filter(entry -> entry.getValue().bytes() >= WORTH_NAMING * bytes)
        .sorted(Comparator.comparingLong(entry -> -entry.getValue().bytes()))
        .map(entry -> entry.getKey().name())
        .collect(Collectors.joining("+"));
  }

  /** {@code 1.24 B}, {@code 4.30 M}. */
  static String count(long weights) {
    return weights >= 1e9
        ? String.format(Locale.ROOT, "%.2f B", weights / 1e9)
        : String.format(Locale.ROOT, "%.2f M", weights / 1e6);
  }
}
