package dev.chaski.chat.jinja;

import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.Locale;

/** {@code strftime} of C and Python, in English whatever the machine speaks. */
final class StrftimeFormat {
  private StrftimeFormat() {}

  static String format(String pattern, ZonedDateTime time) {
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (i < pattern.length()) {
      char c = pattern.charAt(i++);
      if (c != '%' || i == pattern.length()) {
        out.append(c);
        continue;
      }
      char directive = pattern.charAt(i++);
      // glibc: a dash before the letter drops the padding.
      boolean unpadded = directive == '-' && i < pattern.length();
      if (unpadded) {
        directive = pattern.charAt(i++);
      }
      String text = directive(directive, time);
      out.append(unpadded ? text.replaceFirst("^[0 ]+(?=.)", "") : text);
    }
    return out.toString();
  }

  private static String directive(char directive, ZonedDateTime time) {
    int hour = time.getHour();
    return switch (directive) {
      case 'a' -> name(time.getDayOfWeek().name()).substring(0, 3);
      case 'A' -> name(time.getDayOfWeek().name());
      case 'b', 'h' -> name(time.getMonth().name()).substring(0, 3);
      case 'B' -> name(time.getMonth().name());
      case 'c' -> format("%a %b %e %H:%M:%S %Y", time);
      case 'C' -> padded(time.getYear() / 100, 2);
      case 'd' -> padded(time.getDayOfMonth(), 2);
      case 'D', 'x' -> format("%m/%d/%y", time);
      case 'e' -> "%2d".formatted(time.getDayOfMonth());
      case 'f' -> padded(time.getNano() / 1000, 6);
      case 'F' -> format("%Y-%m-%d", time);
      case 'G' -> padded(time.get(IsoFields.WEEK_BASED_YEAR), 4);
      case 'H' -> padded(hour, 2);
      case 'I' -> padded(hour % 12 == 0 ? 12 : hour % 12, 2);
      case 'j' -> padded(time.getDayOfYear(), 3);
      case 'm' -> padded(time.getMonthValue(), 2);
      case 'M' -> padded(time.getMinute(), 2);
      case 'n' -> "\n";
      case 'p' -> hour < 12 ? "AM" : "PM";
      case 'R' -> format("%H:%M", time);
      case 's' -> Long.toString(time.toEpochSecond());
      case 'S' -> padded(time.getSecond(), 2);
      case 't' -> "\t";
      case 'T', 'X' -> format("%H:%M:%S", time);
      case 'u' -> padded(time.getDayOfWeek().getValue(), 1);
      case 'U' -> padded((time.getDayOfYear() + 6 - time.getDayOfWeek().getValue() % 7) / 7, 2);
      case 'V' -> padded(time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2);
      case 'w' -> padded(time.getDayOfWeek().getValue() % 7, 1);
      case 'W' -> padded((time.getDayOfYear() + 7 - time.get(ChronoField.DAY_OF_WEEK)) / 7, 2);
      case 'y' -> padded(time.getYear() % 100, 2);
      case 'Y' -> Integer.toString(time.getYear());
      case 'z' -> DateTimeFormatter.ofPattern("xx", Locale.ROOT).format(time);
      case 'Z' ->
          time.getOffset().equals(ZoneOffset.UTC)
              ? "UTC"
              : time.getZone().getDisplayName(TextStyle.SHORT, Locale.ROOT);
      case '%' -> "%";
      default -> "%" + directive;
    };
  }

  private static String padded(int number, int width) {
    String digits = Integer.toString(number);
    return "0".repeat(Math.max(0, width - digits.length())) + digits;
  }

  private static String name(String constant) {
    return constant.charAt(0) + constant.substring(1).toLowerCase(Locale.ROOT);
  }
}
