package dev.chaski.gguf;

import java.util.Locale;

/** The types a metadata value can have; numbers are those of {@code gguf_type}. */
public enum GgufValueType {
  UINT8(0, 1),
  INT8(1, 1),
  UINT16(2, 2),
  INT16(3, 2),
  UINT32(4, 4),
  INT32(5, 4),
  FLOAT32(6, 4),
  BOOL(7, 1),
  STRING(8, 0),
  ARRAY(9, 0),
  UINT64(10, 8),
  INT64(11, 8),
  FLOAT64(12, 8);

  private static final GgufValueType[] BY_ID = values();

  private final int id;
  private final int byteSize;

  GgufValueType(int id, int byteSize) {
    this.id = id;
    this.byteSize = byteSize;
  }

  /** The type with this number, or {@code null}. */
  static GgufValueType fromId(int id) {
    return id >= 0 && id < BY_ID.length ? BY_ID[id] : null;
  }

  /** The number that stands for this type in a file. */
  public int id() {
    return id;
  }

  /** Bytes of one value; 0 for strings and arrays, whose size differs from value to value. */
  public int byteSize() {
    return byteSize;
  }

  /** True for the eight integer types. */
  public boolean isInteger() {
    return switch (this) {
      case UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64 -> true;
      case FLOAT32, FLOAT64, BOOL, STRING, ARRAY -> false;
    };
  }

  /** True for the two floating-point types. */
  public boolean isFloat() {
    return this == FLOAT32 || this == FLOAT64;
  }

  /** The name as the GGUF specification spells it, such as {@code uint32}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
