package dev.chaski.gguf;

import dev.chaski.format.FileAccess;
import dev.chaski.format.MappedFile;
import dev.chaski.format.ModelFormatException;
import dev.chaski.format.UnsupportedModelException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An open GGUF model: its metadata, and its tensors where they lie in the mapped file or files.
 * Opening reads the header and checks everything in it; tensor values are not looked at.
 *
 * <p>Immutable and safe to share between threads. It owns the mappings: once it is closed, reading
 * a tensor or a metadata value throws {@link IllegalStateException}.
 *
 * <pre>{@code
 * try (GgufFile gguf = GgufFile.open(path)) {
 *   int layers = gguf.metadata().getInt("llama.block_count");
 *   MemorySegment norm = gguf.tensor("output_norm.weight").orElseThrow().data();
 * }
 * }</pre>
 */
public final class GgufFile implements AutoCloseable {
  private final Path path;
  private final List<GgufPart> parts;
  private final Map<String, GgufTensor> tensors;

  private GgufFile(Path path, List<GgufPart> parts) {
    this.path = path;
    this.parts = List.copyOf(parts);
    Map<String, GgufTensor> byName = new LinkedHashMap<>();
    for (GgufPart part : parts) {
      part.tensors().forEach(tensor -> byName.put(tensor.name(), tensor));
    }
    this.tensors = Collections.unmodifiableMap(byName);
  }

  /** As {@link #open(Path, FileAccess)}, mapped. */
  public static GgufFile open(Path path) throws IOException {
    return open(path, FileAccess.MAPPED);
  }

  /**
   * Opens a little-endian GGUF file of version 2 or 3. If it is a part of a split model ({@code
   * name-00002-of-00003.gguf}, any part), opens all parts, which must lie beside it.
   *
   * @throws ModelFormatException if a file is broken, or a part is missing or foreign
   * @throws UnsupportedModelException if it is big endian, of another version, or has a tensor of a
   *     type we do not read
   * @throws NoSuchFileException if there is no such file
   * @throws IOException if a file cannot be read
   */
  public static GgufFile open(Path path, FileAccess access) throws IOException {
    return new GgufFile(path, SplitParts.open(path, access));
  }

  /** The path as it was given to {@link #open}. */
  public Path path() {
    return path;
  }

  /** The files of the model, in order; one unless it is split. */
  public List<Path> files() {
    return parts.stream().map(part -> part.file().path()).toList();
  }

  /** GGUF version, 2 or 3; of a split model, the first part's. */
  public int version() {
    return parts.getFirst().version();
  }

  /** What tensor offsets are multiples of, in bytes; of a split model, the first part's. */
  public int alignment() {
    return parts.getFirst().alignment();
  }

  /** The metadata; of a split model, the first part's, which is the model's. */
  public GgufMetadata metadata() {
    return parts.getFirst().metadata();
  }

  /** All tensors, in the order of the file or files. */
  public Collection<GgufTensor> tensors() {
    return tensors.values();
  }

  /** The tensor of this name. */
  public Optional<GgufTensor> tensor(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  /** Size of the file, or of all parts together, in bytes. */
  public long byteSize() {
    return parts.stream().mapToLong(part -> part.file().byteSize()).sum();
  }

  /** The mapped files, in order; they stay this object's to close. */
  public List<MappedFile> mappings() {
    return parts.stream().map(GgufPart::file).toList();
  }

  /** Releases the mappings. Closing twice is harmless. */
  @Override
  public void close() {
    parts.forEach(GgufPart::close);
  }
}
