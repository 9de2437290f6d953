package dev.chaski.chat.jinja;

import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.Locale;
import java.util.stream.Collectors;

/** {@code strftime} of C and Python, in English whatever the machine speaks. */
final class StrftimeFormat {
  private StrftimeFormat() {}

  /** What a clock shows at {@code time}. */
  static Str format(String pattern, ZonedDateTime time, Budget budget) {
    StrBuilder out = new StrBuilder(budget);
    int i = 0;
    while (i < pattern.length()) {
      int percent = pattern.indexOf('%', i);
      int plainEnd = percent < 0 || percent + 1 == pattern.length() ? pattern.length() : percent;
      out.append(pattern.substring(i, plainEnd), false);
      i = plainEnd;
      if (i == pattern.length()) {
        break;
      }
      budget.step();
      // glibc: a dash before the letter drops the padding.
      boolean isUnpadded = pattern.startsWith("%-", i) && i + 2 < pattern.length();
      i += isUnpadded ? 2 : 1;
      String text = directive(pattern.charAt(i++), time);
      out.append(isUnpadded ? unpadded(text) : text, false);
    }
    return out.toStr();
  }

  private static String unpadded(String text) {
    int start = 0;
    while (start < text.length() - 1 && "0 ".indexOf(text.charAt(start)) >= 0) {
      start++;
    }
    return text.substring(start);
  }

  private static String all(String directives, ZonedDateTime time) {
    return directives
        .chars()
        .mapToObj(c -> Character.isLetter(c) ? directive((char) c, time) : Character.toString(c))
        .collect(Collectors.joining());
  }

  private static String directive(char directive, ZonedDateTime time) {
    int hour = time.getHour();
    return switch (directive) {
      case 'a' -> name(time.getDayOfWeek().name()).substring(0, 3);
      case 'A' -> name(time.getDayOfWeek().name());
      case 'b', 'h' -> name(time.getMonth().name()).substring(0, 3);
      case 'B' -> name(time.getMonth().name());
      case 'c' -> all("a b e H:M:S Y", time);
      case 'C' -> padded(time.getYear() / 100, 2);
      case 'd' -> padded(time.getDayOfMonth(), 2);
      case 'D', 'x' -> all("m/d/y", time);
      case 'e' -> "%2d".formatted(time.getDayOfMonth());
      case 'f' -> padded(time.getNano() / 1000, 6);
      case 'F' -> all("Y-m-d", time);
      case 'G' -> padded(time.get(IsoFields.WEEK_BASED_YEAR), 4);
      case 'H' -> padded(hour, 2);
      case 'I' -> padded(hour % 12 == 0 ? 12 : hour % 12, 2);
      case 'j' -> padded(time.getDayOfYear(), 3);
      case 'm' -> padded(time.getMonthValue(), 2);
      case 'M' -> padded(time.getMinute(), 2);
      case 'n' -> "\n";
      case 'p' -> hour < 12 ? "AM" : "PM";
      case 'R' -> all("H:M", time);
      case 's' -> Long.toString(time.toEpochSecond());
      case 'S' -> padded(time.getSecond(), 2);
      case 't' -> "\t";
      case 'T', 'X' -> all("H:M:S", time);
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
              : DateTimeFormatter.ofPattern("zzz", Locale.ENGLISH).format(time);
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
