package dev.chaski.gguf;

import dev.chaski.format.FileAccess;
import dev.chaski.format.ModelFormatException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds and opens the parts of a model. A file without {@code split.count} is a model of one part.
 * Source: llama.cpp, gguf-split ({@code split.no}, {@code split.count}, {@code split.tensors.count}
 * and the names of the files).
 */
final class SplitParts {
  private static final String NUMBER_KEY = "split.no";
  private static final String COUNT_KEY = "split.count";
  private static final String TENSORS_KEY = "split.tensors.count";

  private SplitParts() {}

  /** Opens the model that {@code path} is a part of; parts in order, all open. */
  static List<GgufPart> open(Path path, FileAccess access) throws IOException {
    List<GgufPart> open = new ArrayList<>();
    try {
      GgufPart given = GgufPart.open(path, access);
      open.add(given);
      int count = given.metadata().findInt(COUNT_KEY).orElse(1);
      if (count >= 0 && count <= 1) {
        return open;
      }
      SplitName name = checkName(given, count);
      List<GgufPart> parts = new ArrayList<>();
      for (int number = 1; number <= count; number++) {
        if (number == name.number()) {
          parts.add(given);
          continue;
        }
        GgufPart part = openSibling(name, number, access);
        open.add(part);
        checkPart(part, number, count);
        parts.add(part);
      }
      checkTensors(parts);
      return parts;
    } catch (IOException | RuntimeException | Error e) {
      open.forEach(GgufPart::close);
      throw e;
    }
  }

  private static SplitName checkName(GgufPart part, int count) throws ModelFormatException {
    Path path = part.file().path();
    int number = part.metadata().getInt(NUMBER_KEY) + 1;
    SplitName name =
        SplitName.parse(path)
            .orElseThrow(() ->
                error(
                    path,
                    "this is part %d of a model in %d files, which are found by their names; "
                            .formatted(number, count)
                        + "expected a name that ends in -%05d-of-%05d.gguf"
                            .formatted(number, count)));
    if (name.number() != number || name.count() != count) {
      throw error(
          path,
          "the name says part %d of %d, but the file is part %d of %d; give the parts back the names"
                  .formatted(name.number(), name.count(), number, count)
              + " they were published with");
    }
    return name;
  }

  private static GgufPart openSibling(SplitName name, int number, FileAccess access)
      throws IOException {
    Path path = name.sibling(number);
    try {
      return GgufPart.open(path, access);
    } catch (NoSuchFileException e) {
      throw new ModelFormatException(
          path,
          ModelFormatException.UNKNOWN_OFFSET,
          "part %d of %d is missing; put all parts of the model into one folder"
              .formatted(number, name.count()),
          e);
    }
  }

  private static void checkPart(GgufPart part, int number, int count) throws ModelFormatException {
    int actualCount = part.metadata().findInt(COUNT_KEY).orElse(1);
    int actualNumber = part.metadata().findInt(NUMBER_KEY).orElse(0) + 1;
    if (actualCount != count || actualNumber != number) {
      throw error(
          part.file().path(),
          "the file is part %d of %d; expected part %d of %d, so it belongs to another model"
              .formatted(actualNumber, actualCount, number, count));
    }
  }

  private static void checkTensors(List<GgufPart> parts) throws ModelFormatException {
    Map<String, Path> files = new HashMap<>();
    for (GgufPart part : parts) {
      for (GgufTensor tensor : part.tensors()) {
        Path other = files.putIfAbsent(tensor.name(), tensor.file());
        if (other != null) {
          throw error(
              tensor.file(),
              "tensor '%s' is also in %s; the parts do not belong together"
                  .formatted(tensor.name(), other.getFileName()));
        }
      }
    }
    GgufPart first = parts.getFirst();
    int expected = first.metadata().getInt(TENSORS_KEY);
    if (files.size() != expected) {
      throw error(
          first.file().path(),
          "%s is %d, but the %d parts hold %d tensors; the parts do not belong together"
              .formatted(TENSORS_KEY, expected, parts.size(), files.size()));
    }
  }

  private static ModelFormatException error(Path path, String reason) {
    return new ModelFormatException(path, ModelFormatException.UNKNOWN_OFFSET, reason);
  }
}
