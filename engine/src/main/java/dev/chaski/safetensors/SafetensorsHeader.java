package dev.chaski.safetensors;

import dev.chaski.format.ModelFormatException;
import dev.chaski.format.UnsupportedModelException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The header of a file, checked against the file.
 *
 * @param metadata what the writer says about the file
 * @param tensors in the order of the header
 */
record SafetensorsHeader(Map<String, String> metadata, List<SafetensorsTensor> tensors) {
  private static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Bytes of the number at the start of a file. */
  static final int LENGTH_BYTES = Long.BYTES;

  /** The limit of the safetensors library; that of a 405B model takes 400 KB. */
  private static final long MAX_BYTES = 100_000_000;

  SafetensorsHeader {
    metadata = Collections.unmodifiableMap(metadata);
    tensors = List.copyOf(tensors);
  }

  /**
   * Reads it.
   *
   * @param bytes the whole file
   */
  static SafetensorsHeader read(Path path, MemorySegment bytes)
      throws ModelFormatException, UnsupportedModelException {
    if (bytes.byteSize() < LENGTH_BYTES) {
      throw new ModelFormatException(
          path,
          0,
          "the file has %d bytes; a safetensors file starts with 8 bytes of header length"
              .formatted(bytes.byteSize()));
    }
    long length = bytes.get(LENGTH, 0);
    if (length < 2 || length > MAX_BYTES) {
      throw new ModelFormatException(
          path,
          0,
          "the header length is %s; expected 2 to %d. Is this a safetensors file?"
              .formatted(Long.toUnsignedString(length), MAX_BYTES));
    }
    long dataStart = LENGTH_BYTES + length;
    if (dataStart > bytes.byteSize()) {
      throw new ModelFormatException(
          path,
          0,
          ("the header takes %d bytes, but the file ends at byte %d; it is damaged or its download"
                  + " was cut short")
              .formatted(length, bytes.byteSize()));
    }
    byte[] json = bytes.asSlice(LENGTH_BYTES, length).toArray(ValueLayout.JAVA_BYTE);
    HeaderJson header = HeaderJson.parse(path, json);
    return new SafetensorsHeader(
        header.metadata(), locate(path, header.entries(), bytes, dataStart));
  }

  /** Places the tensors in the file: each inside it, none over another, no byte left over. */
  private static List<SafetensorsTensor> locate(
      Path path, List<HeaderJson.Entry> entries, MemorySegment bytes, long dataStart)
      throws ModelFormatException {
    long dataSize = bytes.byteSize() - dataStart;
    List<SafetensorsTensor> tensors = new ArrayList<>(entries.size());
    for (HeaderJson.Entry entry : entries) {
      if (entry.begin() > entry.end()) {
        throw entry.fault(
            path,
            "has data_offsets [%d, %d]; the end is before the beginning"
                .formatted(entry.begin(), entry.end()));
      }
      if (entry.end() > dataSize) {
        throw entry.fault(
            path,
            ("ends at byte %d of the data, of which the file has %d; it is damaged or its download"
                    + " was cut short")
                .formatted(entry.end(), dataSize));
      }
      long expected = byteSize(path, entry);
      if (entry.end() - entry.begin() != expected) {
        throw entry.fault(
            path,
            "has data_offsets [%d, %d], which is %d bytes; %s of shape %s takes %d"
                .formatted(
                    entry.begin(),
                    entry.end(),
                    entry.end() - entry.begin(),
                    entry.type(),
                    entry.shape(),
                    expected));
      }
      long start = dataStart + entry.begin();
      tensors.add(
          new SafetensorsTensor(
              entry.name(),
              entry.type(),
              entry.shape(),
              bytes.asSlice(start, expected),
              path,
              start));
    }
    requireGapless(path, entries, dataSize);
    return tensors;
  }

  private static long byteSize(Path path, HeaderJson.Entry entry) throws ModelFormatException {
    try {
      long bits = entry.type().bits();
      for (long size : entry.shape()) {
        bits = Math.multiplyExact(bits, size);
      }
      if (bits % Byte.SIZE != 0) {
        throw entry.fault(
            path,
            "of type %s has shape %s, which is not a whole number of bytes"
                .formatted(entry.type(), entry.shape()));
      }
      return bits / Byte.SIZE;
    } catch (ArithmeticException _) {
      throw entry.fault(path, "has shape %s, more bits than 63 can count".formatted(entry.shape()));
    }
  }

  private static void requireGapless(Path path, List<HeaderJson.Entry> entries, long dataSize)
      throws ModelFormatException {
    List<HeaderJson.Entry> inOrder = new ArrayList<>(entries);
    inOrder.sort(
        Comparator.comparingLong(HeaderJson.Entry::begin).thenComparingLong(HeaderJson.Entry::end));
    long at = 0;
    for (HeaderJson.Entry entry : inOrder) {
      if (entry.begin() != at) {
        throw entry.fault(
            path,
            ("starts at byte %d of the data, but the tensor before it ends at byte %d; expected"
                    + " tensors one right after the other")
                .formatted(entry.begin(), at));
      }
      at = entry.end();
    }
    if (at != dataSize) {
      throw new ModelFormatException(
          path,
          ModelFormatException.UNKNOWN_OFFSET,
          ("the last tensor ends at byte %d of the data, of which the file has %d; expected nothing"
                  + " behind it")
              .formatted(at, dataSize));
    }
  }
}
