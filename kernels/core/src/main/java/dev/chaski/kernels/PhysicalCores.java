package dev.chaski.kernels;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Counts the cores behind the processors that this process may use, where the system is Linux and
 * tells. Source: Linux, Documentation/admin-guide/cputopology.rst and proc(5).
 */
final class PhysicalCores {
  private static final String ALLOWED = "Cpus_allowed_list:";

  private PhysicalCores() {}

  /** Of this machine, or empty if it is unknown. */
  static OptionalInt ofMachine() {
    return count(Path.of("/sys/devices/system/cpu"), Path.of("/proc/self/status"));
  }

  /**
   * Cores with at least one allowed processor.
   *
   * @param processors the folder with one folder for each: cpu0, cpu1 …
   * @param status the state of this process, which says what processors it may use
   */
  static OptionalInt count(Path processors, Path status) {
    Set<String> cores = new HashSet<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(processors, "cpu[0-9]*")) {
      BitSet allowed = allowed(status);
      for (Path folder : folders) {
        int number = Integer.parseInt(folder.getFileName().toString().substring("cpu".length()));
        if (allowed.get(number)) {
          // Processors of one core have the same list.
          cores.add(Files.readString(folder.resolve("topology/thread_siblings_list")).strip());
        }
      }
    } catch (IOException | NumberFormatException _) {
      return OptionalInt.empty(); // another system, or one that keeps it to itself
    }
    return cores.isEmpty() ? OptionalInt.empty() : OptionalInt.of(cores.size());
  }

  /** Reads a list as {@code 0-3,8,10-11}. */
  private static BitSet allowed(Path status) throws IOException {
    BitSet numbers = new BitSet();
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith(ALLOWED)) {
        for (String range : line.substring(ALLOWED.length()).strip().split(",", -1)) {
          int dash = range.indexOf('-');
          int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
          int last = Integer.parseInt(range.substring(dash + 1));
          if (first < 0 || last < first) {
            throw new NumberFormatException(range);
          }
          numbers.set(first, last + 1);
        }
      }
    }
    return numbers;
  }
}
