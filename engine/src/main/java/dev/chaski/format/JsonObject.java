package dev.chaski.format;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * An object in a JSON file that nobody vouches for. {@code get…} methods need the key to be there,
 * {@code find…} methods return empty when it is not or is null. Both throw a {@link
 * ModelFormatException} that names the key, what was found and what was expected when the value is
 * of another kind. Immutable.
 */
public final class JsonObject {
  private final Path path;
  private final String prefix; // of keys in messages: "rope_scaling." for a nested object
  private final Map<String, Object> values = new LinkedHashMap<>();

  private JsonObject(Path path, String prefix, Map<?, ?> values) {
    this.path = path;
    this.prefix = prefix;
    values.forEach((key, value) -> this.values.put((String) key, value));
  }

  /**
   * Reads a file that holds one object.
   *
   * @param maxBytes the most that a file of this kind may have
   * @throws ModelFormatException if it has more, is not well-formed JSON in UTF-8, names a key
   *     twice, nests too deep, or holds something else than one object
   * @throws NoSuchFileException if there is no such file
   * @throws IOException if it cannot be read
   */
  public static JsonObject read(Path path, int maxBytes) throws IOException {
    Object root = JsonTree.parse(path, SmallFile.readBytes(path, maxBytes));
    if (root instanceof Map<?, ?> object) {
      return new JsonObject(path, "", object);
    }
    throw new ModelFormatException(
        path, 0, "the file holds " + describe(root) + "; expected a JSON object");
  }

  /** The file. */
  public Path path() {
    return path;
  }

  /** The keys, in the order of the file. */
  public Collection<String> keys() {
    return Collections.unmodifiableSet(values.keySet());
  }

  /** Whether there is a value for {@code key} that is not null. */
  public boolean contains(String key) {
    return values.get(key) != null;
  }

  /** Whether {@code key} is there with the value null. */
  public boolean isNull(String key) {
    return values.containsKey(key) && !contains(key);
  }

  /** Whether the value for {@code key} is a string. */
  public boolean isString(String key) {
    return values.get(key) instanceof String;
  }

  /** Whether the value for {@code key} is a list. */
  public boolean isList(String key) {
    return values.get(key) instanceof List<?>;
  }

  /** An integer in the range of an int. */
  public int getInt(String key) throws ModelFormatException {
    return findInt(key).orElseThrow(() -> missing(key, "an integer"));
  }

  /** An integer in the range of an int. */
  public OptionalInt findInt(String key) throws ModelFormatException {
    return contains(key) ? OptionalInt.of(toInt(key, values.get(key))) : OptionalInt.empty();
  }

  /** A list of integers, or one integer by itself; empty if the key is not there. */
  public List<Integer> findInts(String key) throws ModelFormatException {
    if (contains(key) && !isList(key)) {
      return List.of(toInt(key, values.get(key)));
    }
    List<Integer> ints = new ArrayList<>();
    for (Object element : list(key)) {
      ints.add(toInt(key, element));
    }
    return ints;
  }

  private int toInt(String key, Object value) throws ModelFormatException {
    if (value instanceof Integer number) {
      return number;
    }
    throw wrong(
        key, value, "an integer from %d to %d".formatted(Integer.MIN_VALUE, Integer.MAX_VALUE));
  }

  /** A finite number. */
  public double getDouble(String key) throws ModelFormatException {
    return findDouble(key).orElseThrow(() -> missing(key, "a number"));
  }

  /** A finite number. */
  public OptionalDouble findDouble(String key) throws ModelFormatException {
    return switch (values.get(key)) {
      case null -> OptionalDouble.empty();
      case Number number when Double.isFinite(number.doubleValue()) ->
          OptionalDouble.of(number.doubleValue());
      case Object value -> throw wrong(key, value, "a finite number");
    };
  }

  /** True or false. */
  public Optional<Boolean> findBoolean(String key) throws ModelFormatException {
    return switch (values.get(key)) {
      case null -> Optional.empty();
      case Boolean flag -> Optional.of(flag);
      case Object value -> throw wrong(key, value, "true or false");
    };
  }

  /** A string. */
  public String getString(String key) throws ModelFormatException {
    return findString(key).orElseThrow(() -> missing(key, "a string"));
  }

  /** A string. */
  public Optional<String> findString(String key) throws ModelFormatException {
    return switch (values.get(key)) {
      case null -> Optional.empty();
      case String text -> Optional.of(text);
      case Object value -> throw wrong(key, value, "a string");
    };
  }

  /** A list of strings; empty if the key is not there. */
  public List<String> findStrings(String key) throws ModelFormatException {
    List<String> strings = new ArrayList<>();
    for (Object element : list(key)) {
      if (!(element instanceof String text)) {
        throw wrong(key, element, "a list of strings");
      }
      strings.add(text);
    }
    return strings;
  }

  /** An object. */
  public JsonObject getObject(String key) throws ModelFormatException {
    return findObject(key).orElseThrow(() -> missing(key, "an object"));
  }

  /** An object. */
  public Optional<JsonObject> findObject(String key) throws ModelFormatException {
    return contains(key) ? Optional.of(toObject(key, values.get(key))) : Optional.empty();
  }

  /** A list of objects; empty if the key is not there. */
  public List<JsonObject> findObjects(String key) throws ModelFormatException {
    List<JsonObject> objects = new ArrayList<>();
    for (Object element : list(key)) {
      objects.add(toObject(key, element));
    }
    return objects;
  }

  private JsonObject toObject(String key, Object value) throws ModelFormatException {
    if (value instanceof Map<?, ?> object) {
      return new JsonObject(path, prefix + key + ".", object);
    }
    throw wrong(key, value, "an object");
  }

  private List<?> list(String key) throws ModelFormatException {
    return switch (values.get(key)) {
      case null -> List.of();
      case List<?> list -> list;
      case Object value -> throw wrong(key, value, "a list");
    };
  }

  /** A fault of the value for {@code key}; {@code reason} goes on after the name of the key. */
  public ModelFormatException fault(String key, String reason) {
    return new ModelFormatException(
        path, ModelFormatException.UNKNOWN_OFFSET, Excerpt.quoted(prefix + key) + " " + reason);
  }

  private ModelFormatException missing(String key, String expected) {
    return fault(key, "is missing; expected " + expected);
  }

  private ModelFormatException wrong(String key, Object value, String expected) {
    return fault(key, "is " + describe(value) + "; expected " + expected);
  }

  private static String describe(Object value) {
    return switch (value) {
      case null -> "null";
      case List<?> _ -> "a list";
      case Map<?, ?> _ -> "an object";
      case String text -> "the string " + Excerpt.quoted(text);
      case Object other -> Excerpt.quoted(other.toString());
    };
  }
}
