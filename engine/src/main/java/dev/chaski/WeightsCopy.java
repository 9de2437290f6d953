package dev.chaski;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a copy of a model's weights in memory would take: asked before it is made. */
final class WeightsCopy {
  /** {@code model-00002-of-00004.gguf}. */
  private static final Pattern PART =
      Pattern.compile("(?<stem>.{1,200})-\\d{5}-of-\\d{5}\\.(?<type>gguf|safetensors)");

  private WeightsCopy() {}

  /**
   * Refuses a model that a machine cannot hold.
   *
   * @throws IllegalArgumentException if it is larger than the machine's memory
   * @throws IOException if its files cannot be looked at
   */
  static void requireFits(Path model, MachineMemory machine) throws IOException {
    long bytes = byteSize(model);
    if (bytes > machine.physicalBytes()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s: a copy in memory takes %.1f GB, this machine has %.1f GB; let the files be"
                  + " mapped",
              model,
              bytes / 1e9,
              machine.physicalBytes() / 1e9));
    }
  }

  /** Size of all files that are weights of the model; 0 if there are none. */
  static long byteSize(Path model) throws IOException {
    if (Files.isDirectory(model)) {
      return sum(model, name -> name.endsWith(".safetensors"));
    }
    Matcher part = PART.matcher(String.valueOf(model.getFileName()));
    if (part.matches()) {
      String stem = part.group("stem");
      return sum(
          model.toAbsolutePath().getParent(),
          name -> {
            Matcher other = PART.matcher(name);
            return other.matches() && other.group("stem").equals(stem);
          });
    }
    return Files.isRegularFile(model) ? Files.size(model) : 0;
  }

  private static long sum(Path folder, Predicate<String> isWeights) throws IOException {
    long sum = 0;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        if (isWeights.test(file.getFileName().toString()) && Files.isRegularFile(file)) {
          sum += Files.size(file);
        }
      }
    }
    return sum;
  }
}
