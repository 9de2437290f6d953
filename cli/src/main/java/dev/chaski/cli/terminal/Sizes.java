package dev.chaski.cli.terminal;

import java.util.List;
import java.util.Locale;

/** Numbers as people read them. */
public final class Sizes {
  private static final List<String> UNITS = List.of("KiB", "MiB", "GiB", "TiB");

  private Sizes() {}

  /** {@code 4.4 MiB}. */
  public static String bytes(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    double value = bytes;
    int unit = -1;
    while (value >= 1024 && unit < UNITS.size() - 1) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %s", value, UNITS.get(unit));
  }

  /** {@code 4,295,424}. */
  public static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
