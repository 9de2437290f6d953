package dev.chaski.benchmarks;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Command-line arguments of the form {@code --name value}. */
public final class Arguments {
  private final Map<String, String> values = new HashMap<>();

  /**
   * Takes them apart.
   *
   * @param names those there are, with their dashes
   * @throws IllegalArgumentException if there is another one, or a value is missing
   */
  public Arguments(Set<String> names, String... args) {
    for (int i = 0; i < args.length; i += 2) {
      if (!names.contains(args[i])) {
        throw new IllegalArgumentException(
            "there is no option '" + args[i] + "'; there are " + names.stream().sorted().toList());
      }
      if (i + 1 == args.length) {
        throw new IllegalArgumentException(args[i] + " needs a value");
      }
      values.put(args[i], args[i + 1]);
    }
  }

  /** The value of an option that may be missing. */
  public Optional<String> find(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /** The value of an option that must be there. */
  public Path path(String name) {
    return Path.of(
        find(name).orElseThrow(() -> new IllegalArgumentException(name + " is missing")));
  }

  /** The number of an option, or else {@code otherwise}. */
  public int number(String name, int otherwise) {
    return find(name).map(text -> parse(name, text)).orElse(otherwise);
  }

  /** The numbers of an option, separated by commas, or else {@code otherwise}. */
  public List<Integer> numbers(String name, int otherwise) {
    return find(name)
        .map(text -> Arrays.stream(text.split(",", -1)).map(part -> parse(name, part)).toList())
        .orElse(List.of(otherwise));
  }

  private static int parse(String name, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " is '" + text + "', not a number", e);
    }
  }
}
