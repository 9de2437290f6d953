package dev.chaski.safetensors;

import dev.chaski.format.Excerpt;
import dev.chaski.format.FileAccess;
import dev.chaski.format.MappedFile;
import dev.chaski.format.ModelFormatException;
import dev.chaski.format.UnsupportedModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The weights of a checkpoint: one safetensors file, or the shards that an index names.
 *
 * <p>Files are looked for in one folder only; a name in the index that leads out of it is refused.
 * Symbolic links in the folder are followed, since that is how download caches store their files.
 *
 * <p>Immutable and safe to share between threads. It owns the mappings: once it is closed, reading
 * a tensor throws {@link IllegalStateException}.
 */
public final class SafetensorsCheckpoint implements AutoCloseable {
  private static final String EXTENSION = ".safetensors";
  private static final String SINGLE = "model" + EXTENSION;
  private static final String INDEX = EXTENSION + ".index.json";

  /** {@code model-00002-of-00004.safetensors}. */
  private static final Pattern SHARD =
      Pattern.compile("(?<stem>.{1,200})-\\d{5}-of-\\d{5}\\.safetensors");

  private final List<SafetensorsFile> files;
  private final Map<String, SafetensorsTensor> tensors;

  private SafetensorsCheckpoint(
      List<SafetensorsFile> files, Map<String, SafetensorsTensor> tensors) {
    this.files = List.copyOf(files);
    this.tensors = Collections.unmodifiableMap(tensors);
  }

  /** Whether a file's name says that it is one of this format. */
  public static boolean isNamed(Path file) {
    Path name = file.getFileName();
    return name != null && name.toString().endsWith(EXTENSION);
  }

  /** As {@link #open(Path, FileAccess)}, mapped. */
  public static SafetensorsCheckpoint open(Path path) throws IOException {
    return open(path, FileAccess.MAPPED);
  }

  /**
   * Opens a checkpoint.
   *
   * @param path a folder with {@code model.safetensors}, or with {@code
   *     model.safetensors.index.json} and its shards; or one such file, of which the index is taken
   *     if it is a shard
   * @throws ModelFormatException if a file is broken, a shard is missing or not in the folder, or a
   *     tensor is in two shards or not in the one that the index names
   * @throws UnsupportedModelException if a tensor is of a type that the format does not know, or
   *     the folder holds weights of another kind
   * @throws NoSuchFileException if there is nothing at {@code path}
   * @throws IOException if a file cannot be read
   */
  public static SafetensorsCheckpoint open(Path path, FileAccess access) throws IOException {
    if (Files.isDirectory(path)) {
      return openFolder(path, access);
    }
    Matcher shard = SHARD.matcher(String.valueOf(path.getFileName()));
    if (shard.matches()) {
      Path index = path.resolveSibling(shard.group("stem") + INDEX);
      if (Files.exists(index)) {
        return openShards(SafetensorsIndex.read(index), access);
      }
    }
    return openSingle(path, access);
  }

  private static SafetensorsCheckpoint openFolder(Path folder, FileAccess access)
      throws IOException {
    Path single = folder.resolve(SINGLE);
    if (Files.exists(single)) {
      return openSingle(single, access);
    }
    Path index = folder.resolve("model" + INDEX);
    if (Files.exists(index)) {
      return openShards(SafetensorsIndex.read(index), access);
    }
    for (String other :
        List.of("pytorch_model.bin", "pytorch_model.bin.index.json", "consolidated.00.pth")) {
      if (Files.exists(folder.resolve(other))) {
        throw new UnsupportedModelException(
            folder,
            "the weights are in PyTorch's own format ("
                + other
                + "); supported are safetensors and GGUF, to which the model's page may have"
                + " links");
      }
    }
    throw new ModelFormatException(
        folder,
        ModelFormatException.UNKNOWN_OFFSET,
        ("the folder has neither %s nor model%s; is this a Hugging Face checkpoint, and is the"
                + " download complete?")
            .formatted(SINGLE, INDEX));
  }

  private static SafetensorsCheckpoint openSingle(Path path, FileAccess access) throws IOException {
    SafetensorsFile file = SafetensorsFile.open(path, access);
    Map<String, SafetensorsTensor> tensors = new LinkedHashMap<>();
    file.tensors().forEach(tensor -> tensors.put(tensor.name(), tensor));
    return new SafetensorsCheckpoint(List.of(file), tensors);
  }

  private static SafetensorsCheckpoint openShards(SafetensorsIndex index, FileAccess access)
      throws IOException {
    List<SafetensorsFile> files = new ArrayList<>();
    try {
      Map<String, SafetensorsTensor> tensors = new LinkedHashMap<>();
      for (Path shard : new LinkedHashSet<>(index.shards().values())) {
        SafetensorsFile file = SafetensorsFile.open(shard, access);
        files.add(file);
        for (SafetensorsTensor tensor : file.tensors()) {
          SafetensorsTensor other = tensors.putIfAbsent(tensor.name(), tensor);
          if (other != null) {
            throw tensor.fault("is also in " + other.file() + "; expected it in one shard");
          }
        }
      }
      requireAsIndexed(index, tensors);
      return new SafetensorsCheckpoint(files, tensors);
    } catch (IOException | RuntimeException | Error e) {
      files.forEach(SafetensorsFile::close);
      throw e;
    }
  }

  private static void requireAsIndexed(
      SafetensorsIndex index, Map<String, SafetensorsTensor> tensors) throws ModelFormatException {
    for (Map.Entry<String, Path> entry : index.shards().entrySet()) {
      SafetensorsTensor tensor = tensors.get(entry.getKey());
      if (tensor == null || !tensor.file().equals(entry.getValue())) {
        throw new ModelFormatException(
            index.path(),
            ModelFormatException.UNKNOWN_OFFSET,
            "tensor %s is not in %s, where the index says it is"
                .formatted(Excerpt.quoted(entry.getKey()), entry.getValue().getFileName()));
      }
    }
  }

  /** The files, in the order of the index. */
  public List<Path> files() {
    return files.stream().map(SafetensorsFile::path).toList();
  }

  /** All tensors, file by file. */
  public Collection<SafetensorsTensor> tensors() {
    return tensors.values();
  }

  /** The tensor of this name. */
  public Optional<SafetensorsTensor> tensor(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  /** Size of all files together, in bytes. */
  public long byteSize() {
    return files.stream().mapToLong(SafetensorsFile::byteSize).sum();
  }

  /** The mapped files, in the order of the index; they stay this object's to close. */
  public List<MappedFile> mappings() {
    return files.stream().map(SafetensorsFile::mapping).toList();
  }

  /** Releases the mappings. Closing twice is harmless. */
  @Override
  public void close() {
    files.forEach(SafetensorsFile::close);
  }
}
