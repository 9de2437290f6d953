package dev.chaski.load;

import dev.chaski.format.JsonObject;
import dev.chaski.format.ModelFormatException;
import dev.chaski.safetensors.SafetensorsCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the files of a checkpoint are.
 *
 * @param folder holds them all
 * @param weights the folder, or the safetensors file in it that was asked for
 */
record HfFolder(Path folder, Path weights) {
  /** Lists of quantised modules make the longest of them, with some 100 KB. */
  private static final int MAX_JSON_BYTES = 16 << 20;

  /** The cache of Hugging Face's tools: {@code models--OWNER--NAME/snapshots/COMMIT}. */
  private static final String CACHE_PREFIX = "models--";

  /** Whether {@code path} can be such a checkpoint: a folder or a safetensors file. */
  static boolean isOne(Path path) {
    return Files.isDirectory(path) || SafetensorsCheckpoint.isNamed(path);
  }

  static HfFolder of(Path path) throws NoSuchFileException {
    if (Files.isDirectory(path)) {
      return new HfFolder(path, path);
    }
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString(), null, "there is no such file or folder");
    }
    Path parent = path.getParent();
    return new HfFolder(parent == null ? Path.of("") : parent, path);
  }

  /** The file of this name, if it is there. */
  Optional<Path> find(String name) {
    return Optional.of(folder.resolve(name)).filter(Files::exists);
  }

  /** A JSON file that a checkpoint cannot do without. */
  JsonObject require(String name) throws IOException {
    return json(requireFile(name));
  }

  /** A file that a checkpoint cannot do without; opening it does not wait for anybody. */
  Path requireFile(String name) throws ModelFormatException {
    Path file = folder.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw new ModelFormatException(
          file,
          ModelFormatException.UNKNOWN_OFFSET,
          Files.exists(file)
              ? "this is a directory, pipe or device; expected a file"
              : "the file is missing; a Hugging Face checkpoint needs it beside the weights");
    }
    return file;
  }

  /** A JSON file that may be absent. */
  Optional<JsonObject> findJson(String name) throws IOException {
    Optional<Path> file = find(name);
    return file.isPresent() ? Optional.of(json(file.get())) : Optional.empty();
  }

  private static JsonObject json(Path file) throws IOException {
    return JsonObject.read(file, MAX_JSON_BYTES);
  }

  /** What the model is called: the folder's name, or what a download cache says. */
  Optional<String> name() {
    Path absolute = folder.toAbsolutePath().normalize();
    Path parent = absolute.getParent();
    if (parent != null && parent.endsWith("snapshots") && parent.getParent() != null) {
      String repository = String.valueOf(parent.getParent().getFileName());
      if (repository.startsWith(CACHE_PREFIX)) {
        return Optional.of(repository.substring(repository.lastIndexOf("--") + 2));
      }
    }
    return Optional.ofNullable(absolute.getFileName()).map(Path::toString);
  }
}
