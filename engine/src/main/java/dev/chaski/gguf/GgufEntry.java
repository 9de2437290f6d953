package dev.chaski.gguf;

import java.util.Optional;

/**
 * Where one metadata value lies and what type it has; the value itself is read by {@link
 * GgufMetadata} when it is asked for.
 *
 * @param key unique in its file
 * @param type type of the value
 * @param elementType type of an array's elements; empty unless {@code type} is ARRAY
 * @param length elements of an array, bytes of a string, otherwise 1
 * @param offset first byte of the value in the file; for strings and arrays the first byte after
 *     their length
 * @param byteSize bytes of the value from {@code offset}
 */
public record GgufEntry(
    String key,
    GgufValueType type,
    Optional<GgufValueType> elementType,
    long length,
    long offset,
    long byteSize) {

  /** The type in words, such as {@code uint32} or {@code array of 128256 string}. */
  public String describeType() {
    return elementType.map(element -> "array of " + length + " " + element).orElse(type.toString());
  }
}
