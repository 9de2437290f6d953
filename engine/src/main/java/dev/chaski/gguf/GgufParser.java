package dev.chaski.gguf;

import dev.chaski.format.Excerpt;
import dev.chaski.format.MappedFile;
import dev.chaski.format.ModelFormatException;
import dev.chaski.format.UnsupportedModelException;
import dev.chaski.kernels.TensorType;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Walks a GGUF file once and checks all of it but the tensors' values.
 *
 * <pre>
 * "GGUF"  version:u32  tensors:u64  entries:u64
 * entries x { key:string  type:u32  value }
 * tensors x { name:string  dimensions:u32  dimensions x u64  type:u32  offset:u64 }
 * padding to general.alignment
 * tensor data; each offset counts from here and is a multiple of the alignment
 *
 * string = length:u64 bytes      array = element type:u32 length:u64 elements
 * </pre>
 *
 * <p>Source: the GGUF specification (ggml, docs/gguf.md), versions 2 and 3.
 */
final class GgufParser {
  private static final String ALIGNMENT_KEY = "general.alignment";
  private static final long MIN_STRING_BYTES = Long.BYTES;
  private static final long MIN_ARRAY_BYTES = Integer.BYTES + Long.BYTES;
  private static final long MIN_ENTRY_BYTES = MIN_STRING_BYTES + 1 + Integer.BYTES + 1;
  private static final long MIN_TENSOR_BYTES =
      MIN_STRING_BYTES + 1 + 2 * Integer.BYTES + Long.BYTES;

  /** A row of the tensor table; {@code at} is where its offset stands in the file. */
  private record TensorInfo(
      String name, TensorType type, List<Long> shape, long byteSize, long offset, long at) {}

  private final MappedFile file;
  private final Path path;
  private final MemorySegment bytes;
  private final HeaderCursor cursor;

  GgufParser(MappedFile file) {
    this.file = file;
    this.path = file.path();
    this.bytes = file.bytes();
    this.cursor = new HeaderCursor(path, bytes);
  }

  GgufPart parse() throws ModelFormatException, UnsupportedModelException {
    int version = GgufSignature.read(path, bytes, cursor);
    long tensorCount =
        cursor.readCount("the number of tensors", MIN_TENSOR_BYTES, GgufLimits.MAX_TENSORS);
    long entryCount =
        cursor.readCount(
            "the number of metadata entries", MIN_ENTRY_BYTES, GgufLimits.MAX_METADATA_ENTRIES);
    GgufMetadata metadata = new GgufMetadata(file, readEntries(entryCount));
    int alignment = alignment(metadata);
    List<TensorInfo> infos = readTensorInfos(tensorCount, alignment);
    List<GgufTensor> tensors = infos.isEmpty() ? List.of() : locate(infos, alignment);
    return new GgufPart(file, version, alignment, metadata, tensors);
  }

  // ---- metadata

  private Map<String, GgufEntry> readEntries(long count) throws ModelFormatException {
    Map<String, GgufEntry> entries = new LinkedHashMap<>();
    for (long i = 0; i < count; i++) {
      long at = cursor.position();
      String key = cursor.readName("metadata key " + i, GgufLimits.MAX_KEY_LENGTH);
      GgufEntry entry = readEntry(key);
      if (entries.putIfAbsent(key, entry) != null) {
        throw cursor.error(
            at, "metadata key " + Excerpt.quoted(key) + " appears twice; each may appear once");
      }
    }
    return entries;
  }

  private GgufEntry readEntry(String key) throws ModelFormatException {
    String what = "the value of metadata key " + Excerpt.quoted(key);
    GgufValueType type = readType(what);
    return switch (type) {
      case STRING -> {
        long length = skipString(what);
        yield entry(key, type, Optional.empty(), length, cursor.position() - length);
      }
      case ARRAY -> {
        GgufValueType elementType = readType("an element of " + what);
        long length = readArrayLength(elementType, what);
        long start = cursor.position();
        skipElements(elementType, length, what, 1);
        yield entry(key, type, Optional.of(elementType), length, start);
      }
      case BOOL -> {
        checkBooleans(1, what);
        yield entry(key, type, Optional.empty(), 1, cursor.position() - 1);
      }
      case UINT8, INT8, UINT16, INT16, UINT32, INT32, FLOAT32, UINT64, INT64, FLOAT64 -> {
        long start = cursor.advance(type.byteSize(), what);
        yield entry(key, type, Optional.empty(), 1, start);
      }
    };
  }

  private GgufEntry entry(
      String key,
      GgufValueType type,
      Optional<GgufValueType> elementType,
      long length,
      long start) {
    return new GgufEntry(key, type, elementType, length, start, cursor.position() - start);
  }

  private GgufValueType readType(String what) throws ModelFormatException {
    long at = cursor.position();
    int id = cursor.readInt32("the type of " + what);
    GgufValueType type = GgufValueType.fromId(id);
    if (type == null) {
      throw cursor.error(
          at,
          what + " has type " + Integer.toUnsignedString(id) + "; types 0 (uint8) to 12 are known");
    }
    return type;
  }

  private long readArrayLength(GgufValueType elementType, String what) throws ModelFormatException {
    long minBytes =
        switch (elementType) {
          case STRING -> MIN_STRING_BYTES;
          case ARRAY -> MIN_ARRAY_BYTES;
          case UINT8, INT8, BOOL, UINT16, INT16, UINT32, INT32, FLOAT32, UINT64, INT64, FLOAT64 ->
              elementType.byteSize();
        };
    return cursor.readCount("the array length of " + what, minBytes, GgufLimits.MAX_ARRAY_LENGTH);
  }

  private void skipElements(GgufValueType type, long count, String what, int depth)
      throws ModelFormatException {
    switch (type) {
      case STRING -> {
        for (long i = 0; i < count; i++) {
          skipString(what);
        }
      }
      case ARRAY -> {
        if (depth == GgufLimits.MAX_ARRAY_DEPTH) {
          throw cursor.error(
              cursor.position(),
              what + " nests arrays more than " + depth + " deep, which no model needs");
        }
        for (long i = 0; i < count; i++) {
          GgufValueType elementType = readType("an element of " + what);
          skipElements(elementType, readArrayLength(elementType, what), what, depth + 1);
        }
      }
      case BOOL -> checkBooleans(count, what);
      case UINT8, INT8, UINT16, INT16, UINT32, INT32, FLOAT32, UINT64, INT64, FLOAT64 ->
          cursor.advance(count * type.byteSize(), what);
    }
  }

  /** Passes over a string and returns its length. */
  private long skipString(String what) throws ModelFormatException {
    long at = cursor.position();
    long length = cursor.readInt64(what);
    if (length < 0 || length > GgufLimits.MAX_HEADER_BYTES) {
      throw cursor.error(
          at,
          "a string in "
              + what
              + " has length "
              + Long.toUnsignedString(length)
              + "; at most "
              + GgufLimits.MAX_HEADER_BYTES
              + " bytes are accepted");
    }
    cursor.advance(length, what);
    return length;
  }

  private void checkBooleans(long count, String what) throws ModelFormatException {
    for (long i = 0; i < count; i++) {
      int value = cursor.readByte(what);
      if (value > 1) {
        throw cursor.error(
            cursor.position() - 1, what + " is a bool of " + value + "; expected 0 or 1");
      }
    }
  }

  private int alignment(GgufMetadata metadata) throws ModelFormatException {
    Optional<GgufEntry> entry = metadata.entry(ALIGNMENT_KEY);
    if (entry.isEmpty()) {
      return GgufLimits.DEFAULT_ALIGNMENT;
    }
    if (entry.get().type() != GgufValueType.UINT32) {
      throw metadata.wrongType(entry.get(), GgufValueType.UINT32.toString());
    }
    long alignment = metadata.getLong(ALIGNMENT_KEY);
    if (Long.bitCount(alignment) != 1
        || alignment < GgufLimits.MIN_ALIGNMENT
        || alignment > GgufLimits.MAX_ALIGNMENT) {
      throw cursor.error(
          entry.get().offset(),
          "%s is %d; expected a power of two from %d to %d"
              .formatted(
                  ALIGNMENT_KEY, alignment, GgufLimits.MIN_ALIGNMENT, GgufLimits.MAX_ALIGNMENT));
    }
    return (int) alignment;
  }

  // ---- tensors

  private List<TensorInfo> readTensorInfos(long count, int alignment)
      throws ModelFormatException, UnsupportedModelException {
    List<TensorInfo> infos = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (long i = 0; i < count; i++) {
      long at = cursor.position();
      String name = cursor.readName("the name of tensor " + i, GgufLimits.MAX_TENSOR_NAME_LENGTH);
      if (!names.add(name)) {
        throw cursor.error(at, tensor(name) + " appears twice; each name may appear once");
      }
      infos.add(readTensorInfo(name, alignment));
    }
    return infos;
  }

  private TensorInfo readTensorInfo(String name, int alignment)
      throws ModelFormatException, UnsupportedModelException {
    String what = tensor(name);
    long shapeAt = cursor.position();
    List<Long> shape = readShape(what);
    int typeId = cursor.readInt32("the type of " + what);
    Optional<TensorType> type = TensorType.fromGgmlId(typeId);
    if (type.isEmpty()) {
      throw new UnsupportedModelException(
          path, UnreadableTensorTypes.describe(Excerpt.quoted(name), typeId));
    }
    long byteSize = byteSize(type.get(), shape, what, shapeAt);
    long offsetAt = cursor.position();
    long offset = cursor.readInt64("the offset of " + what);
    if (offset % alignment != 0) {
      throw cursor.error(
          offsetAt,
          what
              + " has offset "
              + Long.toUnsignedString(offset)
              + "; expected a multiple of the alignment, "
              + alignment);
    }
    return new TensorInfo(name, type.get(), shape, byteSize, offset, offsetAt);
  }

  private List<Long> readShape(String what) throws ModelFormatException {
    long at = cursor.position();
    int dimensions = cursor.readInt32("the number of dimensions of " + what);
    if (dimensions < 0 || dimensions > GgufLimits.MAX_DIMENSIONS) {
      throw cursor.error(
          at,
          "%s has %s dimensions; at most %d are accepted"
              .formatted(what, Integer.toUnsignedString(dimensions), GgufLimits.MAX_DIMENSIONS));
    }
    List<Long> shape = new ArrayList<>(dimensions);
    for (int i = 0; i < dimensions; i++) {
      long dimensionAt = cursor.position();
      long dimension = cursor.readInt64("the shape of " + what);
      if (dimension <= 0) {
        throw cursor.error(
            dimensionAt,
            "%s has %s as dimension %d; expected 1 to %d"
                .formatted(what, Long.toUnsignedString(dimension), i, Long.MAX_VALUE));
      }
      shape.add(dimension);
    }
    return shape;
  }

  private long byteSize(TensorType type, List<Long> shape, String what, long at)
      throws ModelFormatException {
    long columns = shape.isEmpty() ? 1 : shape.getFirst();
    if (columns % type.blockSize() != 0) {
      throw cursor.error(
          at,
          "%s has rows of %d values; %s needs a multiple of %d"
              .formatted(what, columns, type, type.blockSize()));
    }
    try {
      long values = 1;
      for (long dimension : shape) {
        values = Math.multiplyExact(values, dimension);
      }
      return type.byteSize(values);
    } catch (ArithmeticException _) {
      throw cursor.error(at, what + " has shape " + shape + ", more bytes than 63 bits can count");
    }
  }

  /** Places the tensors in the file: each inside it, none over another. */
  private List<GgufTensor> locate(List<TensorInfo> infos, int alignment)
      throws ModelFormatException {
    long dataStart = Math.ceilDiv(cursor.position(), alignment) * alignment;
    long dataSize = Math.max(0, bytes.byteSize() - dataStart);
    List<GgufTensor> tensors = new ArrayList<>(infos.size());
    for (TensorInfo info : infos) {
      // A negative offset is one of 2^63 and more.
      if (info.offset() < 0 || info.offset() > dataSize - info.byteSize()) {
        throw cursor.error(
            info.at(),
            "%s takes %d bytes from offset %s of the tensor data, which starts at byte %d; "
                    .formatted(
                        tensor(info.name()),
                        info.byteSize(),
                        Long.toUnsignedString(info.offset()),
                        dataStart)
                + "the file ends at byte %d, so it is damaged or its download was cut short"
                    .formatted(bytes.byteSize()));
      }
      long start = dataStart + info.offset();
      MemorySegment data = bytes.asSlice(start, info.byteSize());
      tensors.add(new GgufTensor(info.name(), info.type(), info.shape(), data, path, start));
    }
    checkOverlaps(tensors);
    return tensors;
  }

  private void checkOverlaps(List<GgufTensor> tensors) throws ModelFormatException {
    List<GgufTensor> inOrder = new ArrayList<>(tensors);
    inOrder.sort(Comparator.comparingLong(GgufTensor::offset));
    for (int i = 1; i < inOrder.size(); i++) {
      GgufTensor before = inOrder.get(i - 1);
      GgufTensor tensor = inOrder.get(i);
      long end = before.offset() + before.data().byteSize();
      if (tensor.offset() < end) {
        throw cursor.error(
            tensor.offset(),
            "%s starts inside %s, which ends at byte %d; tensors must not overlap"
                .formatted(tensor(tensor.name()), tensor(before.name()), end));
      }
    }
  }

  private static String tensor(String name) {
    return "tensor " + Excerpt.quoted(name);
  }
}
