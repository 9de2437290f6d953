package dev.chaski.gguf;

import dev.chaski.format.WholeFile;
import dev.chaski.kernels.TensorType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;

/**
 * Writes a GGUF file, version 3, little endian, aligned to 32 bytes. Metadata and tensors are
 * announced first; {@link #writeTo} then writes everything, asking for the tensors' bytes one after
 * the other, so that a model larger than memory can be converted.
 *
 * <pre>{@code
 * new GgufWriter()
 *     .putString("general.architecture", "llama")
 *     .addTensor("output_norm.weight", TensorType.F32, List.of(4096L), norm)
 *     .addTensor("output.weight", TensorType.Q4_0, List.of(4096L, 128256L), out -> quantize(w, out))
 *     .writeTo(path);
 * }</pre>
 *
 * <p>A key or name given twice, or one that {@link GgufFile} would refuse, is an {@link
 * IllegalArgumentException}. Not safe for use by several threads.
 */
public final class GgufWriter {
  private static final int VERSION = 3;
  private static final int ALIGNMENT = GgufLimits.DEFAULT_ALIGNMENT;
  private static final String ALIGNMENT_KEY = "general.alignment";
  private static final String SPLIT_PREFIX = "split.";
  private static final long CHUNK_BYTES = 1 << 20;

  /** Gives the bytes of one tensor when its turn has come. */
  @FunctionalInterface
  public interface TensorSource {
    /**
     * Writes exactly the bytes of the tensor to {@code out}, in pieces of any size; each write goes
     * to the file, so pieces of some kilobytes and more are best.
     */
    void writeTo(WritableByteChannel out) throws IOException;
  }

  private record Tensor(
      String name, TensorType type, List<Long> shape, long byteSize, TensorSource source) {}

  private final HeaderBuffer entries = new HeaderBuffer();
  private final Set<String> keys = new HashSet<>();
  private final List<Tensor> tensors = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  /** A file of no metadata and no tensors, so far. */
  public GgufWriter() {}

  /** Adds a string. */
  public GgufWriter putString(String key, String value) {
    putKey(key, GgufValueType.STRING);
    entries.putString(value);
    return this;
  }

  /** Adds a uint32, which is what counts and sizes of a model usually are. */
  public GgufWriter putUint32(String key, long value) {
    return putInteger(key, GgufValueType.UINT32, value);
  }

  /**
   * Adds an integer of the given type.
   *
   * @param value in the range of {@code type}; of uint64, the 64 bits
   */
  public GgufWriter putInteger(String key, GgufValueType type, long value) {
    HeaderBuffer.checkInteger(type, value);
    putKey(key, type);
    entries.putInteger(type, value);
    return this;
  }

  /** Adds a float32. */
  public GgufWriter putFloat(String key, float value) {
    putKey(key, GgufValueType.FLOAT32);
    entries.putFloat(value);
    return this;
  }

  /** Adds a float64. */
  public GgufWriter putDouble(String key, double value) {
    putKey(key, GgufValueType.FLOAT64);
    entries.putDouble(value);
    return this;
  }

  /** Adds a bool. */
  public GgufWriter putBoolean(String key, boolean value) {
    putKey(key, GgufValueType.BOOL);
    entries.putBoolean(value);
    return this;
  }

  /** Adds an array of strings. */
  public GgufWriter putStrings(String key, List<String> values) {
    putArray(key, GgufValueType.STRING, values.size());
    values.forEach(entries::putString);
    return this;
  }

  /** Adds an array of integers of the given type; values as in {@link #putInteger}. */
  public GgufWriter putIntegers(String key, GgufValueType elementType, long... values) {
    for (long value : values) {
      HeaderBuffer.checkInteger(elementType, value);
    }
    putArray(key, elementType, values.length);
    for (long value : values) {
      entries.putInteger(elementType, value);
    }
    return this;
  }

  /** Adds an array of float32. */
  public GgufWriter putFloats(String key, float... values) {
    putArray(key, GgufValueType.FLOAT32, values.length);
    for (float value : values) {
      entries.putFloat(value);
    }
    return this;
  }

  /** Adds an array of float64. */
  public GgufWriter putDoubles(String key, double... values) {
    putArray(key, GgufValueType.FLOAT64, values.length);
    for (double value : values) {
      entries.putDouble(value);
    }
    return this;
  }

  /** Adds an array of bools. */
  public GgufWriter putBooleans(String key, boolean... values) {
    putArray(key, GgufValueType.BOOL, values.length);
    for (boolean value : values) {
      entries.putBoolean(value);
    }
    return this;
  }

  /**
   * Adds the entries of an open file whose key passes {@code filter}, as they are and of every
   * type. What belongs to the layout of that file is left out: {@code split.*}, and its alignment
   * unless it is this file's too.
   */
  public GgufWriter copyMetadata(GgufMetadata source, Predicate<String> filter) {
    for (GgufEntry entry : source.entries()) {
      String key = entry.key();
      if (isOfLayout(source, entry) || !filter.test(key)) {
        continue;
      }
      addKey(key, entry.type());
      if (entry.type() == GgufValueType.ARRAY) {
        entries.putInteger(GgufValueType.UINT32, entry.elementType().orElseThrow().id());
      }
      if (entry.type().byteSize() == 0) {
        entries.putInteger(GgufValueType.UINT64, entry.length());
      }
      entries.putBytes(source.bytes(entry));
    }
    return this;
  }

  private static boolean isOfLayout(GgufMetadata source, GgufEntry entry) {
    if (!entry.key().equals(ALIGNMENT_KEY)) {
      return entry.key().startsWith(SPLIT_PREFIX);
    }
    return entry.type() != GgufValueType.UINT32
        || source.bytes(entry).get(GgufLayouts.INT32, 0) != ALIGNMENT;
  }

  /**
   * Adds a tensor whose bytes are produced when the file is written.
   *
   * @param shape in ggml's order, innermost first; rows are whole blocks of {@code type}
   */
  public GgufWriter addTensor(String name, TensorType type, List<Long> shape, TensorSource source) {
    if (!type.isInGguf()) {
      throw new IllegalArgumentException(
          "tensor '" + name + "' is " + type + ", which GGUF cannot store; decode it first");
    }
    checkName("tensor name", name, GgufLimits.MAX_TENSOR_NAME_LENGTH, names);
    tensors.add(new Tensor(name, type, List.copyOf(shape), byteSize(name, type, shape), source));
    names.add(name);
    return this;
  }

  /**
   * Adds a tensor of these bytes, little endian, which must stay alive and unchanged until {@link
   * #writeTo}.
   */
  public GgufWriter addTensor(String name, TensorType type, List<Long> shape, MemorySegment data) {
    long byteSize = byteSize(name, type, shape);
    if (data.byteSize() != byteSize) {
      throw new IllegalArgumentException(
          "tensor '%s' of %s%s takes %d bytes, %d were given"
              .formatted(name, type, shape, byteSize, data.byteSize()));
    }
    return addTensor(name, type, shape, out -> copy(data, out));
  }

  /**
   * Writes the file: to a temporary file beside {@code target} first, which takes the name of
   * {@code target} when it is complete and on disk. On failure nothing is left, and a {@code
   * target} that was there before stays as it was.
   *
   * @throws FileSystemException if the disk is full, or would be before the end, or {@code target}
   *     is no file
   * @throws IOException if the file cannot be written, or from a {@link TensorSource}
   * @throws IllegalStateException if a {@link TensorSource} writes too little or too much
   */
  public void writeTo(Path target) throws IOException {
    WholeFile.requireReplaceable(target);
    Path temporary =
        target.resolveSibling(
            "." + target.getFileName() + "." + ThreadLocalRandom.current().nextLong(1L << 48));
    requireSpace(target);
    FileChannel channel =
        FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try {
      try (channel) {
        write(channel, target);
        force(channel, target);
      }
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** Finds out now rather than after an hour of work. */
  private void requireSpace(Path target) throws IOException {
    long needed = tensors.stream().mapToLong(Tensor::byteSize).sum();
    long free = Files.getFileStore(target.toAbsolutePath().getParent()).getUsableSpace();
    if (needed > free) {
      throw new FileSystemException(
          target.toString(),
          null,
          "needs %,d bytes, the disk has %,d left; make room, or write elsewhere"
              .formatted(needed, free));
    }
  }

  /** A disk may turn out to be full as late as this. */
  private static void force(FileChannel channel, Path target) throws IOException {
    try {
      channel.force(true);
    } catch (IOException e) {
      throw WholeFile.unwritten(target, e);
    }
  }

  private void write(FileChannel channel, Path target) throws IOException {
    HeaderBuffer header = new HeaderBuffer();
    header.putBytes(MemorySegment.ofArray("GGUF".getBytes(StandardCharsets.US_ASCII)));
    header.putInteger(GgufValueType.UINT32, VERSION);
    header.putInteger(GgufValueType.UINT64, tensors.size());
    header.putInteger(GgufValueType.UINT64, keys.size());
    header.putBytes(entries.bytes());
    long offset = 0;
    for (Tensor tensor : tensors) {
      header.putString(tensor.name());
      header.putInteger(GgufValueType.UINT32, tensor.shape().size());
      tensor.shape().forEach(size -> header.putInteger(GgufValueType.UINT64, size));
      header.putInteger(GgufValueType.UINT32, tensor.type().ggmlId());
      header.putInteger(GgufValueType.UINT64, offset);
      offset = align(Math.addExact(offset, tensor.byteSize()));
    }
    ExactChannel start = new ExactChannel(channel, target, header.bytes().byteSize(), "header");
    copy(header.bytes(), start);
    pad(channel, target);
    for (Tensor tensor : tensors) {
      ExactChannel out = new ExactChannel(channel, target, tensor.byteSize(), tensor.name());
      tensor.source().writeTo(out);
      out.requireComplete();
      pad(channel, target);
    }
  }

  private static long align(long offset) {
    return Math.ceilDiv(offset, ALIGNMENT) * ALIGNMENT;
  }

  private static void pad(FileChannel channel, Path target) throws IOException {
    long position = channel.position();
    int length = (int) (align(position) - position);
    copy(
        MemorySegment.ofArray(new byte[length]),
        new ExactChannel(channel, target, length, "padding"));
  }

  /** Through a buffer, because a segment of a {@code float[]} cannot be one. */
  private static void copy(MemorySegment data, WritableByteChannel out) throws IOException {
    byte[] chunk = new byte[(int) Math.min(CHUNK_BYTES, data.byteSize())];
    for (long at = 0; at < data.byteSize(); at += chunk.length) {
      int length = (int) Math.min(chunk.length, data.byteSize() - at);
      MemorySegment.copy(data, ValueLayout.JAVA_BYTE, at, chunk, 0, length);
      ByteBuffer buffer = ByteBuffer.wrap(chunk, 0, length);
      while (buffer.hasRemaining()) {
        out.write(buffer);
      }
    }
  }

  private void putArray(String key, GgufValueType elementType, int length) {
    if (length > GgufLimits.MAX_ARRAY_LENGTH) {
      throw new IllegalArgumentException(
          "the array for '%s' has %d elements; at most %d are accepted"
              .formatted(key, length, GgufLimits.MAX_ARRAY_LENGTH));
    }
    putKey(key, GgufValueType.ARRAY);
    entries.putInteger(GgufValueType.UINT32, elementType.id());
    entries.putInteger(GgufValueType.UINT64, length);
  }

  private void putKey(String key, GgufValueType type) {
    if (key.equals(ALIGNMENT_KEY)) {
      throw new IllegalArgumentException(ALIGNMENT_KEY + " cannot be set; it is always 32");
    }
    addKey(key, type);
  }

  private void addKey(String key, GgufValueType type) {
    checkName("metadata key", key, GgufLimits.MAX_KEY_LENGTH, keys);
    keys.add(key);
    entries.putString(key);
    entries.putInteger(GgufValueType.UINT32, type.id());
  }

  private static void checkName(String what, String name, long maxLength, Set<String> taken) {
    int length = HeaderBuffer.encode(name).length;
    if (length == 0 || length > maxLength) {
      throw new IllegalArgumentException(
          "%s '%s' takes %d bytes; expected 1 to %d".formatted(what, name, length, maxLength));
    }
    if (taken.contains(name)) {
      throw new IllegalArgumentException("%s '%s' was given before".formatted(what, name));
    }
  }

  private static long byteSize(String name, TensorType type, List<Long> shape) {
    boolean valid =
        shape.size() <= GgufLimits.MAX_DIMENSIONS && shape.stream().allMatch(size -> size > 0);
    long columns = shape.isEmpty() ? 1 : shape.getFirst();
    if (!valid || columns % type.blockSize() != 0) {
      throw new IllegalArgumentException(
          "tensor '%s' has shape %s; expected up to %d positive sizes, the first a multiple of %d"
              .formatted(name, shape, GgufLimits.MAX_DIMENSIONS, type.blockSize()));
    }
    return type.byteSize(shape.stream().reduce(1L, Math::multiplyExact));
  }
}
