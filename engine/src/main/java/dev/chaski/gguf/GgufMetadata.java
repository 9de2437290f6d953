package dev.chaski.gguf;

import dev.chaski.format.Excerpt;
import dev.chaski.format.MappedFile;
import dev.chaski.format.ModelFormatException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The key-value pairs of a GGUF file. Values stay in the mapped file and are decoded at each call,
 * so that an open file costs nothing for its vocabulary: callers keep what they read.
 *
 * <p>{@code get…} methods need the key to be there, {@code find…} methods return empty when it is
 * not. Both throw a {@link ModelFormatException} that names key, expected and actual type when the
 * value is of another kind: being there with a wrong type is never the same as not being there.
 * Integers are accepted in any integer type that holds the value, floats as float32 or float64.
 *
 * <p>Safe to share between threads until the {@link GgufFile} is closed; then every method that
 * reads a value throws {@link IllegalStateException}.
 */
public final class GgufMetadata {
  private static final String INTEGER = "an integer";
  private static final String FLOAT = "a float";
  private static final String INTEGERS = "an array of integers";
  private static final String FLOATS = "an array of floats";
  private static final String STRINGS = "an array of strings";

  private final MappedFile file;
  private final Map<String, GgufEntry> entries;

  GgufMetadata(MappedFile file, Map<String, GgufEntry> entries) {
    this.file = file;
    this.entries = Collections.unmodifiableMap(entries);
  }

  /** All entries, in the order of the file. */
  public Collection<GgufEntry> entries() {
    return entries.values();
  }

  /** Type and place of a value. */
  public Optional<GgufEntry> entry(String key) {
    return Optional.ofNullable(entries.get(key));
  }

  /** True if the file has a value for {@code key}, of whatever type. */
  public boolean contains(String key) {
    return entries.containsKey(key);
  }

  /**
   * The value of an entry on one line, for people: numbers in full, the beginning of strings and
   * arrays, nothing that could move a terminal's cursor.
   *
   * @param entry one of {@link #entries()}
   * @throws ModelFormatException if the file can no longer be read
   */
  public String summary(GgufEntry entry) throws ModelFormatException {
    return file.read(bytes -> GgufSummary.of(bytes, entry));
  }

  /**
   * A string.
   *
   * @throws ModelFormatException if it is missing, of another type, or not valid UTF-8
   */
  public String getString(String key) throws ModelFormatException {
    GgufEntry entry = require(key, "a string");
    if (entry.type() != GgufValueType.STRING) {
      throw wrongType(entry, "a string");
    }
    return file.read(_ -> string(entry, copy(entry), 0, (int) entry.length()));
  }

  /** As {@link #getString}, or empty if there is no such key. */
  public Optional<String> findString(String key) throws ModelFormatException {
    return contains(key) ? Optional.of(getString(key)) : Optional.empty();
  }

  /**
   * An integer of any width.
   *
   * @throws ModelFormatException if it is missing, of another type, or above {@link Long#MAX_VALUE}
   */
  public long getLong(String key) throws ModelFormatException {
    GgufEntry entry = require(key, INTEGER);
    if (!entry.type().isInteger()) {
      throw wrongType(entry, INTEGER);
    }
    long value = file.read(bytes -> GgufValues.integer(bytes, entry.type(), entry.offset()));
    if (isTooLarge(entry.type(), value)) {
      throw outOfRange(entry, Long.toUnsignedString(value), Long.MIN_VALUE, Long.MAX_VALUE);
    }
    return value;
  }

  /** As {@link #getLong}, or empty if there is no such key. */
  public OptionalLong findLong(String key) throws ModelFormatException {
    return contains(key) ? OptionalLong.of(getLong(key)) : OptionalLong.empty();
  }

  /**
   * An integer of any width whose value fits an {@code int}.
   *
   * @throws ModelFormatException if it is missing, of another type, or does not fit
   */
  public int getInt(String key) throws ModelFormatException {
    long value = getLong(key);
    if (value != (int) value) {
      throw outOfRange(
          entries.get(key), Long.toString(value), Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
    return (int) value;
  }

  /** As {@link #getInt}, or empty if there is no such key. */
  public OptionalInt findInt(String key) throws ModelFormatException {
    return contains(key) ? OptionalInt.of(getInt(key)) : OptionalInt.empty();
  }

  /**
   * A float, finite or not; a float64 is rounded.
   *
   * @throws ModelFormatException if it is missing or of another type
   */
  public float getFloat(String key) throws ModelFormatException {
    GgufEntry entry = require(key, FLOAT);
    if (!entry.type().isFloat()) {
      throw wrongType(entry, FLOAT);
    }
    return file.read(bytes -> (float) GgufValues.real(bytes, entry.type(), entry.offset()));
  }

  /** As {@link #getFloat}, or empty if there is no such key. */
  public Optional<Float> findFloat(String key) throws ModelFormatException {
    return contains(key) ? Optional.of(getFloat(key)) : Optional.empty();
  }

  /**
   * A bool.
   *
   * @throws ModelFormatException if it is missing or of another type
   */
  public boolean getBoolean(String key) throws ModelFormatException {
    GgufEntry entry = require(key, "a bool");
    if (entry.type() != GgufValueType.BOOL) {
      throw wrongType(entry, "a bool");
    }
    return file.read(bytes -> GgufValues.bool(bytes, entry.offset()));
  }

  /** As {@link #getBoolean}, or empty if there is no such key. */
  public Optional<Boolean> findBoolean(String key) throws ModelFormatException {
    return contains(key) ? Optional.of(getBoolean(key)) : Optional.empty();
  }

  /**
   * An array of strings, decoded at this call. The list cannot be changed and stays valid after the
   * file is closed.
   *
   * @throws ModelFormatException if it is missing, of another type, or one is not valid UTF-8
   */
  public List<String> getStrings(String key) throws ModelFormatException {
    GgufStrings strings = getUndecodedStrings(key);
    String[] decoded = new String[strings.size()];
    for (int i = 0; i < decoded.length; i++) {
      int start = strings.starts()[i];
      int length = strings.ends()[i] - start;
      decoded[i] = new String(strings.utf8(), start, length, StandardCharsets.UTF_8);
    }
    return Collections.unmodifiableList(Arrays.asList(decoded));
  }

  /**
   * As {@link #getStrings}, copied and checked, but not decoded.
   *
   * @throws ModelFormatException if it is missing, of another type, or one is not valid UTF-8
   */
  public GgufStrings getUndecodedStrings(String key) throws ModelFormatException {
    GgufEntry entry = requireArray(key, STRINGS);
    if (entry.elementType().orElseThrow() != GgufValueType.STRING) {
      throw wrongType(entry, STRINGS);
    }
    return file.read(_ -> strings(entry));
  }

  /** As {@link #getStrings}, or empty if there is no such key. */
  public Optional<List<String>> findStrings(String key) throws ModelFormatException {
    return contains(key) ? Optional.of(getStrings(key)) : Optional.empty();
  }

  /**
   * An array of integers of any width whose values fit an {@code int}.
   *
   * @throws ModelFormatException if it is missing, of another type, or a value does not fit
   */
  public int[] getInts(String key) throws ModelFormatException {
    GgufEntry entry = requireArray(key, INTEGERS);
    GgufValueType type = entry.elementType().orElseThrow();
    if (!type.isInteger()) {
      throw wrongType(entry, INTEGERS);
    }
    return file.read(bytes -> ints(bytes, entry, type));
  }

  /** As {@link #getInts}, or empty if there is no such key. */
  public Optional<int[]> findInts(String key) throws ModelFormatException {
    return contains(key) ? Optional.of(getInts(key)) : Optional.empty();
  }

  /**
   * An array of floats, finite or not; float64 is rounded.
   *
   * @throws ModelFormatException if it is missing or of another type
   */
  public float[] getFloats(String key) throws ModelFormatException {
    GgufEntry entry = requireArray(key, FLOATS);
    GgufValueType type = entry.elementType().orElseThrow();
    if (!type.isFloat()) {
      throw wrongType(entry, FLOATS);
    }
    return file.read(bytes -> floats(bytes, entry, type));
  }

  /** As {@link #getFloats}, or empty if there is no such key. */
  public Optional<float[]> findFloats(String key) throws ModelFormatException {
    return contains(key) ? Optional.of(getFloats(key)) : Optional.empty();
  }

  /** The bytes of a value as they stand in the file. */
  MemorySegment bytes(GgufEntry entry) {
    return file.bytes().asSlice(entry.offset(), entry.byteSize());
  }

  ModelFormatException wrongType(GgufEntry entry, String expected) {
    return error(
        entry.offset(), describe(entry) + " is " + entry.describeType() + "; expected " + expected);
  }

  private GgufEntry require(String key, String expected) throws ModelFormatException {
    GgufEntry entry = entries.get(key);
    if (entry == null) {
      throw error(
          ModelFormatException.UNKNOWN_OFFSET,
          "metadata key " + Excerpt.quoted(key) + " is missing; expected " + expected);
    }
    return entry;
  }

  private GgufEntry requireArray(String key, String expected) throws ModelFormatException {
    GgufEntry entry = require(key, expected);
    if (entry.type() != GgufValueType.ARRAY) {
      throw wrongType(entry, expected);
    }
    return entry;
  }

  private byte[] copy(GgufEntry entry) {
    return bytes(entry).toArray(ValueLayout.JAVA_BYTE);
  }

  private GgufStrings strings(GgufEntry entry) throws ModelFormatException {
    ByteBuffer source = ByteBuffer.wrap(copy(entry)).order(ByteOrder.LITTLE_ENDIAN);
    int[] starts = new int[(int) entry.length()];
    int[] ends = new int[starts.length];
    for (int i = 0; i < starts.length; i++) {
      long length = source.getLong();
      int start = source.position();
      if (length < 0 || length > source.remaining()) {
        throw error(
            entry.offset() + start,
            describe(entry) + " is not what it was; the file was changed while in use");
      }
      int end = start + (int) length;
      if (!Utf8.isValid(source.array(), start, end)) {
        throw notUtf8(entry, source.array(), start, (int) length);
      }
      starts[i] = start;
      ends[i] = end;
      source.position(end);
    }
    return new GgufStrings(source.array(), starts, ends);
  }

  private String string(GgufEntry entry, byte[] source, int start, int length)
      throws ModelFormatException {
    return Utf8.decode(source, start, length)
        .orElseThrow(() -> notUtf8(entry, source, start, length));
  }

  private ModelFormatException notUtf8(GgufEntry entry, byte[] source, int start, int length) {
    return error(
        entry.offset() + start,
        describe(entry)
            + " holds a string that is not valid UTF-8; it reads "
            + Utf8.quoted(source, start, length));
  }

  private int[] ints(MemorySegment bytes, GgufEntry entry, GgufValueType type)
      throws ModelFormatException {
    if (type == GgufValueType.INT32) {
      return bytes(entry).toArray(GgufLayouts.INT32); // all fit
    }
    int[] values = new int[(int) entry.length()];
    for (int i = 0; i < values.length; i++) {
      long at = entry.offset() + (long) i * type.byteSize();
      long value = GgufValues.integer(bytes, type, at);
      if (value != (int) value || isTooLarge(type, value)) {
        throw error(
            at,
            describe(entry)
                + " has element "
                + i
                + " = "
                + GgufValues.text(bytes, type, at)
                + ", which does not fit 32 bits with a sign");
      }
      values[i] = (int) value;
    }
    return values;
  }

  /** True for a uint64 above {@link Long#MAX_VALUE}. */
  private static boolean isTooLarge(GgufValueType type, long value) {
    return type == GgufValueType.UINT64 && value < 0;
  }

  private static float[] floats(MemorySegment bytes, GgufEntry entry, GgufValueType type) {
    float[] values = new float[(int) entry.length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) GgufValues.real(bytes, type, entry.offset() + (long) i * type.byteSize());
    }
    return values;
  }

  private ModelFormatException outOfRange(GgufEntry entry, String value, long min, long max) {
    return error(
        entry.offset(), "%s is %s; expected %d to %d".formatted(describe(entry), value, min, max));
  }

  private static String describe(GgufEntry entry) {
    return "metadata key " + Excerpt.quoted(entry.key());
  }

  private ModelFormatException error(long at, String reason) {
    return new ModelFormatException(file.path(), at, reason);
  }
}
