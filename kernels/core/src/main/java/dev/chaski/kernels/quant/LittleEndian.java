package dev.chaski.kernels.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Unaligned little-endian layouts: the byte order of GGUF and safetensors data. */
public final class LittleEndian {
  public static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  public static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  public static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  public static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private LittleEndian() {}

  /** The IEEE 754 binary16 number at {@code offset}, exactly. */
  public static float half(MemorySegment src, long offset) {
    return Float.float16ToFloat(src.get(SHORT, offset));
  }

  /** The byte at {@code offset}, 0 to 255. */
  public static int unsignedByte(MemorySegment src, long offset) {
    return Byte.toUnsignedInt(src.get(ValueLayout.JAVA_BYTE, offset));
  }

  /** The 16-bit number at {@code offset}, 0 to 65535. */
  public static int unsignedShort(MemorySegment src, long offset) {
    return Short.toUnsignedInt(src.get(SHORT, offset));
  }
}
