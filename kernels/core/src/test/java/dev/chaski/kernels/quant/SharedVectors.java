package dev.chaski.kernels.quant;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/** The reference fixtures beside the project, {@code ../shared/vectors}, where they are present. */
final class SharedVectors {
  private SharedVectors() {}

  /** A folder of the fixtures; skips the calling test if it is absent. */
  static Path folder(String name) {
    Path start = Path.of("").toAbsolutePath();
    for (Path parent = start; parent != null; parent = parent.getParent()) {
      Path folder = parent.resolve("shared/vectors").resolve(name);
      if (Files.isDirectory(folder)) {
        return folder;
      }
    }
    assumeTrue(false, "no folder shared/vectors/" + name + " beside a parent of " + start);
    throw new AssertionError("unreachable");
  }

  static byte[] bytes(Path file) throws IOException {
    return Files.readAllBytes(file);
  }

  static float[] floats(Path file) throws IOException {
    return floats(bytes(file));
  }

  /** Little-endian floats. */
  static float[] floats(byte[] bytes) {
    return MemorySegment.ofArray(bytes).toArray(LittleEndian.FLOAT);
  }
}
