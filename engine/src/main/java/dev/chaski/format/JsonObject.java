package dev.chaski.format;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An object in a JSON file that nobody vouches for. {@code get…} methods need the key to be there,
 * {@code find…} methods return empty when it is not or is null. Both throw a {@link
 * ModelFormatException} that names the key, what was found and what was expected when the value is
 * of another kind. Immutable.
 */
public final class JsonObject {
  private static final int MAX_NESTING = 64;

  private final Path path;
  private final String prefix; // of keys in messages: "rope_scaling." for a nested object
  private final JsonNode node;

  private JsonObject(Path path, String prefix, JsonNode node) {
    this.path = path;
    this.prefix = prefix;
    this.node = node;
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
    byte[] json = SmallFile.readBytes(path, maxBytes);
    JsonNode root;
    try {
      root = mapper(maxBytes).readTree(json);
    } catch (JacksonException e) {
      TokenStreamLocation at = e.getLocation();
      throw new ModelFormatException(
          path,
          at == null ? ModelFormatException.UNKNOWN_OFFSET : at.getByteOffset(),
          "not well-formed JSON: " + firstLine(e.getOriginalMessage()),
          e);
    }
    if (!root.isObject()) {
      throw new ModelFormatException(
          path, 0, "the file holds " + describe(root) + "; expected a JSON object");
    }
    return new JsonObject(path, "", root);
  }

  private static JsonMapper mapper(int maxBytes) {
    JsonFactory factory =
        JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS) // as Python writes them
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_NESTING)
                    .maxStringLength(maxBytes)
                    .build())
            .build();
    return JsonMapper.builder(factory)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .build();
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("no reason given");
  }

  /** The file. */
  public Path path() {
    return path;
  }

  /** The keys, in the order of the file. */
  public Collection<String> keys() {
    return node.propertyNames();
  }

  /** Whether there is a value for {@code key} that is not null. */
  public boolean contains(String key) {
    return node.hasNonNull(key);
  }

  /** Whether {@code key} is there with the value null. */
  public boolean isNull(String key) {
    return node.has(key) && node.get(key).isNull();
  }

  /** An integer in the range of an int. */
  public int getInt(String key) throws ModelFormatException {
    return findInt(key).orElseThrow(() -> missing(key, "an integer"));
  }

  /** An integer in the range of an int. */
  public OptionalInt findInt(String key) throws ModelFormatException {
    return contains(key) ? OptionalInt.of(toInt(key, node.get(key))) : OptionalInt.empty();
  }

  private int toInt(String key, JsonNode value) throws ModelFormatException {
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw wrong(
          key, value, "an integer from %d to %d".formatted(Integer.MIN_VALUE, Integer.MAX_VALUE));
    }
    return value.intValue();
  }

  /** A list of integers, or one integer by itself; empty if the key is not there. */
  public List<Integer> findInts(String key) throws ModelFormatException {
    if (!contains(key)) {
      return List.of();
    }
    JsonNode value = node.get(key);
    if (!value.isArray()) {
      return List.of(toInt(key, value));
    }
    List<Integer> ints = new ArrayList<>();
    for (JsonNode element : value) {
      ints.add(toInt(key, element));
    }
    return ints;
  }

  /** A finite number. */
  public double getDouble(String key) throws ModelFormatException {
    return findDouble(key).orElseThrow(() -> missing(key, "a number"));
  }

  /** A finite number. */
  public OptionalDouble findDouble(String key) throws ModelFormatException {
    if (!contains(key)) {
      return OptionalDouble.empty();
    }
    JsonNode value = node.get(key);
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw wrong(key, value, "a finite number");
    }
    return OptionalDouble.of(value.doubleValue());
  }

  /** True or false. */
  public Optional<Boolean> findBoolean(String key) throws ModelFormatException {
    if (!contains(key)) {
      return Optional.empty();
    }
    JsonNode value = node.get(key);
    if (!value.isBoolean()) {
      throw wrong(key, value, "true or false");
    }
    return Optional.of(value.booleanValue());
  }

  /** A string. */
  public String getString(String key) throws ModelFormatException {
    return findString(key).orElseThrow(() -> missing(key, "a string"));
  }

  /** A string. */
  public Optional<String> findString(String key) throws ModelFormatException {
    if (!contains(key)) {
      return Optional.empty();
    }
    JsonNode value = node.get(key);
    if (!value.isString()) {
      throw wrong(key, value, "a string");
    }
    return Optional.of(value.stringValue());
  }

  /** A list of strings; empty if the key is not there. */
  public List<String> findStrings(String key) throws ModelFormatException {
    List<String> strings = new ArrayList<>();
    for (JsonNode element : array(key)) {
      if (!element.isString()) {
        throw wrong(key, element, "a list of strings");
      }
      strings.add(element.stringValue());
    }
    return strings;
  }

  /** An object. */
  public JsonObject getObject(String key) throws ModelFormatException {
    return findObject(key).orElseThrow(() -> missing(key, "an object"));
  }

  /** An object. */
  public Optional<JsonObject> findObject(String key) throws ModelFormatException {
    return contains(key) ? Optional.of(toObject(key, node.get(key))) : Optional.empty();
  }

  /** A list of objects; empty if the key is not there. */
  public List<JsonObject> findObjects(String key) throws ModelFormatException {
    List<JsonObject> objects = new ArrayList<>();
    for (JsonNode element : array(key)) {
      objects.add(toObject(key, element));
    }
    return objects;
  }

  /** Whether the value for {@code key} is a string. */
  public boolean isString(String key) {
    return contains(key) && node.get(key).isString();
  }

  /** Whether the value for {@code key} is a list. */
  public boolean isList(String key) {
    return contains(key) && node.get(key).isArray();
  }

  private Iterable<JsonNode> array(String key) throws ModelFormatException {
    if (!contains(key)) {
      return List.of();
    }
    JsonNode value = node.get(key);
    if (!value.isArray()) {
      throw wrong(key, value, "a list");
    }
    return value;
  }

  private JsonObject toObject(String key, JsonNode value) throws ModelFormatException {
    if (!value.isObject()) {
      throw wrong(key, value, "an object");
    }
    return new JsonObject(path, prefix + key + ".", value);
  }

  /** A fault of the value for {@code key}; {@code reason} goes on after the name of the key. */
  public ModelFormatException fault(String key, String reason) {
    return new ModelFormatException(
        path, ModelFormatException.UNKNOWN_OFFSET, Excerpt.quoted(prefix + key) + " " + reason);
  }

  private ModelFormatException missing(String key, String expected) {
    return fault(key, "is missing; expected " + expected);
  }

  private ModelFormatException wrong(String key, JsonNode value, String expected) {
    return fault(key, "is " + describe(value) + "; expected " + expected);
  }

  private static String describe(JsonNode value) {
    return switch (value.getNodeType()) {
      case ARRAY -> "a list";
      case OBJECT, POJO -> "an object";
      case NULL, MISSING -> "null";
      case STRING, BINARY -> "the string " + Excerpt.quoted(value.asString());
      case NUMBER, BOOLEAN -> Excerpt.quoted(value.asString());
    };
  }
}
