package dev.chaski.safetensors;

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
import java.util.Map;
import java.util.Optional;

/**
 * An open safetensors file: its tensors where they lie in the mapped file. Opening reads the header
 * and checks everything in it; tensor values are not looked at.
 *
 * <p>Immutable and safe to share between threads. It owns the mapping: once it is closed, reading a
 * tensor throws {@link IllegalStateException}.
 *
 * <pre>
 * bytes 0..7      n, the length of the header, little endian
 * bytes 8..n+7    the header, a JSON object in UTF-8, padded with spaces:
 *                 {"name": {"dtype": "BF16", "shape": [rows, columns],
 *                           "data_offsets": [begin, end]}, …}
 * bytes n+8..     the tensors, each from begin to end counted from here, none over another and no
 *                 byte without a tensor
 * </pre>
 *
 * <p>Source: the README of the safetensors project, "Format".
 */
public final class SafetensorsFile implements AutoCloseable {
  private final MappedFile file;
  private final Map<String, String> metadata;
  private final Map<String, SafetensorsTensor> tensors;

  private SafetensorsFile(MappedFile file, SafetensorsHeader header) {
    this.file = file;
    this.metadata = header.metadata();
    Map<String, SafetensorsTensor> byName = new LinkedHashMap<>();
    header.tensors().forEach(tensor -> byName.put(tensor.name(), tensor));
    this.tensors = Collections.unmodifiableMap(byName);
  }

  /** As {@link #open(Path, FileAccess)}, mapped. */
  public static SafetensorsFile open(Path path) throws IOException {
    return open(path, FileAccess.MAPPED);
  }

  /**
   * Opens a file.
   *
   * @throws ModelFormatException if it is broken
   * @throws UnsupportedModelException if it has a tensor of a type that the format does not know
   * @throws NoSuchFileException if there is no such file
   * @throws IOException if it cannot be read
   */
  public static SafetensorsFile open(Path path, FileAccess access) throws IOException {
    MappedFile file = MappedFile.open(path, access);
    try {
      SafetensorsHeader header =
          file.<SafetensorsHeader, IOException>read(bytes -> SafetensorsHeader.read(path, bytes));
      return new SafetensorsFile(file, header);
    } catch (IOException | RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  /** The path as it was given to {@link #open}. */
  public Path path() {
    return file.path();
  }

  /** What the writer says about the file ({@code __metadata__}), usually only its framework. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** All tensors, in the order of the header. */
  public Collection<SafetensorsTensor> tensors() {
    return tensors.values();
  }

  /** The tensor of this name. */
  public Optional<SafetensorsTensor> tensor(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  /** Size of the file in bytes. */
  public long byteSize() {
    return file.byteSize();
  }

  /** The mapped file; it stays this object's to close. */
  MappedFile mapping() {
    return file;
  }

  /** Releases the mapping. Closing twice is harmless. */
  @Override
  public void close() {
    file.close();
  }
}
