package dev.chaski.gguf;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Bytes of a GGUF header in the making; numbers little endian. */
final class HeaderBuffer {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Checks that {@code type} is an integer type and {@code value} in its range. */
  static void checkInteger(GgufValueType type, long value) {
    int bits = Byte.SIZE * type.byteSize();
    boolean fits =
        switch (type) {
          case UINT8, UINT16, UINT32 -> value >>> bits == 0;
          case INT8, INT16, INT32 -> value << -bits >> -bits == value;
          case UINT64, INT64 -> true;
          case FLOAT32, FLOAT64, BOOL, STRING, ARRAY ->
              throw new IllegalArgumentException(type + " is not an integer type");
        };
    if (!fits) {
      throw new IllegalArgumentException(value + " does not fit " + type);
    }
  }

  /** UTF-8 of a text; an unpaired surrogate has none. */
  static byte[] encode(String text) {
    try {
      ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("text with an unpaired surrogate cannot be stored", e);
    }
  }

  void putString(String text) {
    byte[] encoded = encode(text);
    putInteger(GgufValueType.UINT64, encoded.length);
    out.writeBytes(encoded);
  }

  /** The low bytes of {@code value}, as many as {@code type} has. */
  void putInteger(GgufValueType type, long value) {
    for (int i = 0; i < type.byteSize(); i++) {
      out.write((int) (value >>> (Byte.SIZE * i)));
    }
  }

  void putFloat(float value) {
    putInteger(GgufValueType.UINT32, Float.floatToRawIntBits(value));
  }

  void putDouble(double value) {
    putInteger(GgufValueType.UINT64, Double.doubleToRawLongBits(value));
  }

  void putBoolean(boolean value) {
    out.write(value ? 1 : 0);
  }

  void putBytes(MemorySegment bytes) {
    out.writeBytes(bytes.toArray(ValueLayout.JAVA_BYTE));
  }

  /** All bytes so far. */
  MemorySegment bytes() {
    return MemorySegment.ofArray(out.toByteArray());
  }
}
