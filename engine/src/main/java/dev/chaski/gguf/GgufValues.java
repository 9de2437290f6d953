package dev.chaski.gguf;

import dev.chaski.format.Excerpt;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** Decodes single metadata values that the parser has already found to lie inside the file. */
final class GgufValues {
  private GgufValues() {}

  /** An integer value; a uint64 above {@link Long#MAX_VALUE} comes out negative. */
  static long integer(MemorySegment bytes, GgufValueType type, long at) {
    return switch (type) {
      case UINT8 -> Byte.toUnsignedLong(bytes.get(ValueLayout.JAVA_BYTE, at));
      case INT8 -> bytes.get(ValueLayout.JAVA_BYTE, at);
      case UINT16 -> Short.toUnsignedLong(bytes.get(GgufLayouts.INT16, at));
      case INT16 -> bytes.get(GgufLayouts.INT16, at);
      case UINT32 -> Integer.toUnsignedLong(bytes.get(GgufLayouts.INT32, at));
      case INT32 -> bytes.get(GgufLayouts.INT32, at);
      case UINT64, INT64 -> bytes.get(GgufLayouts.INT64, at);
      case FLOAT32, FLOAT64, BOOL, STRING, ARRAY ->
          throw new IllegalArgumentException(type + " is not an integer type");
    };
  }

  /** A floating-point value. */
  static double real(MemorySegment bytes, GgufValueType type, long at) {
    return type == GgufValueType.FLOAT32
        ? bytes.get(GgufLayouts.FLOAT32, at)
        : bytes.get(GgufLayouts.FLOAT64, at);
  }

  static boolean bool(MemorySegment bytes, long at) {
    return bytes.get(ValueLayout.JAVA_BYTE, at) != 0;
  }

  /** A number or bool as text. */
  static String text(MemorySegment bytes, GgufValueType type, long at) {
    return switch (type) {
      case UINT8, INT8, UINT16, INT16, UINT32, INT32, INT64 ->
          Long.toString(integer(bytes, type, at));
      case UINT64 -> Long.toUnsignedString(integer(bytes, type, at));
      case FLOAT32 -> Float.toString(bytes.get(GgufLayouts.FLOAT32, at));
      case FLOAT64 -> Double.toString(bytes.get(GgufLayouts.FLOAT64, at));
      case BOOL -> Boolean.toString(bool(bytes, at));
      case STRING, ARRAY -> throw new IllegalArgumentException(type + " has no fixed size");
    };
  }

  /** A string as text between quotes, cut after {@code maxLength} characters. */
  static String quoted(MemorySegment bytes, long at, long length, int maxLength) {
    // A character takes at most 4 bytes; one character more shows that there are more.
    long shown = Math.min(length, 4L * (maxLength + 1));
    byte[] start = bytes.asSlice(at, shown).toArray(ValueLayout.JAVA_BYTE);
    return Excerpt.quoted(new String(start, StandardCharsets.UTF_8), maxLength);
  }
}
