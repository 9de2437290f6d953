package dev.chaski.convert;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Checks where a file is to be written before work is spent on it. */
final class TargetFile {
  private TargetFile() {}

  /**
   * Checks that {@code target} can be written.
   *
   * @param sources files that are read meanwhile
   * @throws IllegalArgumentException if it is one of them
   * @throws FileSystemException if it is a folder, or its folder does not exist
   */
  static void check(Path target, List<Path> sources) throws IOException {
    Path folder = target.toAbsolutePath().getParent();
    if (folder == null || Files.isDirectory(target)) {
      throw new FileSystemException(
          target.toString(), null, "is a folder; give the name of a file");
    }
    if (!Files.isDirectory(folder)) {
      throw new FileSystemException(
          target.toString(), null, "there is no folder " + folder + "; make it first");
    }
    for (Path file : sources) {
      if (Files.exists(target) && Files.isSameFile(file, target)) {
        throw new IllegalArgumentException(
            target + ": a file cannot be read and replaced at the same time; give another name");
      }
    }
  }
}
