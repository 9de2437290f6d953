package dev.chaski.gguf;

import dev.chaski.format.ModelFormatException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * Reads a GGUF header from front to back. Every read is checked against the bytes that are left, so
 * a length in the file is never believed. {@code what} names the thing read, for the message.
 */
final class HeaderCursor {
  private final Path path;
  private final MemorySegment bytes;
  private final ByteBuffer header; // as far as end; read half a million times for a vocabulary
  private final long end;
  private long position;

  HeaderCursor(Path path, MemorySegment bytes) {
    this.path = path;
    this.bytes = bytes;
    this.end = Math.min(bytes.byteSize(), GgufLimits.MAX_HEADER_BYTES);
    this.header = bytes.asSlice(0, end).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  long position() {
    return position;
  }

  int readByte(String what) throws ModelFormatException {
    return Byte.toUnsignedInt(header.get((int) advance(1, what)));
  }

  int readInt32(String what) throws ModelFormatException {
    return header.getInt((int) advance(Integer.BYTES, what));
  }

  long readInt64(String what) throws ModelFormatException {
    return header.getLong((int) advance(Long.BYTES, what));
  }

  /**
   * Reads the unsigned 64-bit number of things that follow.
   *
   * @param minBytes the least that one of them takes
   * @param limit the most that are accepted
   */
  long readCount(String what, long minBytes, long limit) throws ModelFormatException {
    long at = position;
    long count = readInt64(what);
    if (count < 0 || count > limit) {
      throw error(
          at, what + " is " + Long.toUnsignedString(count) + "; at most " + limit + " is accepted");
    }
    if (count * minBytes > end - position) {
      throw error(
          at,
          what
              + " is "
              + count
              + ", which takes at least "
              + count * minBytes
              + " bytes; "
              + remaining());
    }
    return count;
  }

  /** Reads a string that names something: not empty, not over {@code limit} bytes, valid UTF-8. */
  String readName(String what, long limit) throws ModelFormatException {
    long at = position;
    long length = readCount("length of " + what, 1, limit);
    if (length == 0) {
      throw error(at, what + " is empty; expected a name");
    }
    long start = advance(length, what);
    byte[] name = bytes.asSlice(start, length).toArray(ValueLayout.JAVA_BYTE);
    return Utf8.decode(name, 0, name.length)
        .orElseThrow(() ->
            error(
                start,
                what + " is not valid UTF-8; it reads " + Utf8.quoted(name, 0, name.length)));
  }

  /** Passes over {@code count} bytes and returns where they began. */
  long advance(long count, String what) throws ModelFormatException {
    long start = position;
    if (count > end - start) {
      throw error(start, what + " needs " + count + " bytes; " + remaining());
    }
    position = start + count;
    return start;
  }

  ModelFormatException error(long at, String reason) {
    return new ModelFormatException(path, at, reason);
  }

  private String remaining() {
    long left = end - position;
    return end == bytes.byteSize()
        ? "only " + left + " bytes are left, so the file is damaged or its download was cut short"
        : "only " + left + " bytes are left of the " + end + " that a header may take";
  }
}
