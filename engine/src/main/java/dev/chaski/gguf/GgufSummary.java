package dev.chaski.gguf;

import java.lang.foreign.MemorySegment;
import java.util.StringJoiner;

/** Metadata values on one line each, for people. */
final class GgufSummary {
  private static final int MAX_STRING_LENGTH = 60;
  private static final int MAX_ELEMENTS = 5;
  private static final int MAX_ELEMENT_LENGTH = 20;

  private GgufSummary() {}

  static String of(MemorySegment bytes, GgufEntry entry) {
    return switch (entry.type()) {
      case STRING -> GgufValues.quoted(bytes, entry.offset(), entry.length(), MAX_STRING_LENGTH);
      case ARRAY -> array(bytes, entry, entry.elementType().orElseThrow());
      case UINT8, INT8, UINT16, INT16, UINT32, INT32, FLOAT32, BOOL, UINT64, INT64, FLOAT64 ->
          GgufValues.text(bytes, entry.type(), entry.offset());
    };
  }

  private static String array(MemorySegment bytes, GgufEntry entry, GgufValueType type) {
    if (type == GgufValueType.ARRAY) {
      return "[...]";
    }
    StringJoiner elements = new StringJoiner(", ", "[", "]");
    long at = entry.offset();
    for (int i = 0; i < Math.min(entry.length(), MAX_ELEMENTS); i++) {
      if (type == GgufValueType.STRING) {
        long length = bytes.get(GgufLayouts.INT64, at);
        at += Long.BYTES;
        elements.add(GgufValues.quoted(bytes, at, length, MAX_ELEMENT_LENGTH));
        at += length;
      } else {
        elements.add(GgufValues.text(bytes, type, at));
        at += type.byteSize();
      }
    }
    if (entry.length() > MAX_ELEMENTS) {
      elements.add("...");
    }
    return elements.toString();
  }
}
