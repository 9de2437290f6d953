package dev.chaski.gguf;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of one part of a split model: {@code prefix-00001-of-00003.gguf}.
 *
 * @param path of the part that has this name
 * @param prefix common to the parts
 * @param number of this part, from 1
 * @param count of parts
 */
record SplitName(Path path, String prefix, int number, int count) {
  private static final Pattern PATTERN = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.gguf");

  static Optional<SplitName> parse(Path path) {
    Path fileName = path.getFileName();
    Matcher matcher = PATTERN.matcher(fileName == null ? "" : fileName.toString());
    return matcher.matches()
        ? Optional.of(
            new SplitName(
                path,
                matcher.group(1),
                Integer.parseInt(matcher.group(2)),
                Integer.parseInt(matcher.group(3))))
        : Optional.empty();
  }

  /** Where part {@code number} (from 1) is expected: beside this one. */
  Path sibling(int number) {
    return path.resolveSibling(
        String.format(Locale.ROOT, "%s-%05d-of-%05d.gguf", prefix, number, count));
  }
}
