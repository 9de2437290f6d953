package dev.chaski.safetensors;

import dev.chaski.format.Excerpt;
import dev.chaski.format.JsonObject;
import dev.chaski.format.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which shard holds which tensor: {@code model.safetensors.index.json}.
 *
 * @param path the index file
 * @param shards file of each tensor, beside the index
 */
record SafetensorsIndex(Path path, Map<String, Path> shards) {
  /** The index of a 405B model takes 100 KB. */
  private static final int MAX_BYTES = 64 << 20;

  private static final String WEIGHT_MAP = "weight_map";

  SafetensorsIndex {
    shards = Collections.unmodifiableMap(shards);
  }

  static SafetensorsIndex read(Path path) throws IOException {
    JsonObject map = JsonObject.read(path, MAX_BYTES).getObject(WEIGHT_MAP);
    Map<String, Path> files = new LinkedHashMap<>(); // of each name, resolved and checked once
    Map<String, Path> shards = new LinkedHashMap<>();
    for (String tensor : map.keys()) {
      String name = map.getString(tensor);
      Path file = files.get(name);
      if (file == null) {
        file = shard(path, map, tensor, name);
        files.put(name, file);
      }
      shards.put(tensor, file);
    }
    if (shards.isEmpty()) {
      throw new ModelFormatException(
          path, ModelFormatException.UNKNOWN_OFFSET, "'weight_map' names no tensor");
    }
    return new SafetensorsIndex(path, shards);
  }

  /** Only names without a folder are taken, whatever the separator of the machine. */
  private static Path shard(Path index, JsonObject map, String tensor, String name)
      throws ModelFormatException {
    boolean plain =
        !name.isEmpty()
            && !name.equals(".")
            && !name.equals("..")
            && name.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || c < ' ');
    if (!plain) {
      throw map.fault(
          tensor,
          "names the file "
              + Excerpt.quoted(name)
              + "; expected the name of a file in this folder");
    }
    Path file = sibling(index, map, tensor, name);
    if (!Files.exists(file)) {
      throw map.fault(
          tensor,
          "names the file "
              + Excerpt.quoted(name)
              + ", which is not in this folder; is the download complete?");
    }
    return file;
  }

  private static Path sibling(Path index, JsonObject map, String tensor, String name)
      throws ModelFormatException {
    try {
      return index.resolveSibling(name);
    } catch (InvalidPathException _) {
      throw map.fault(
          tensor, "names the file " + Excerpt.quoted(name) + ", which no file can be called here");
    }
  }
}
