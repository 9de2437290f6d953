package dev.chaski.grammar;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/**
 * A JSON Schema as maps, lists, strings, {@code BigDecimal}s, booleans and nulls, each map with its
 * JSON pointer (RFC 6901).
 */
final class SchemaDocument {
  private static final int MAX_LENGTH = 1 << 22;
  private static final int MAX_NESTING = 100;
  private static final int MAX_NUMBER_LENGTH = 100;

  private final Object root;
  private final IdentityHashMap<Object, String> pointers = new IdentityHashMap<>();

  private SchemaDocument(Object root) {
    this.root = root;
    note(root, "#");
  }

  /**
   * Reads a document.
   *
   * @throws GrammarException if it is not well-formed JSON, names a key twice, or is too large
   */
  static SchemaDocument parse(String json) {
    if (json.length() > MAX_LENGTH) {
      throw new GrammarException(
          "JSON Schema: %,d characters; at most %,d are read".formatted(json.length(), MAX_LENGTH));
    }
    try (JsonParser parser = factory().createParser(ObjectReadContext.empty(), json)) {
      if (parser.nextToken() == null) {
        throw new GrammarException("JSON Schema: the text is empty; expected a JSON object");
      }
      Object root = value(parser);
      if (parser.nextToken() != null) {
        throw new GrammarException("JSON Schema: there is text behind the end of the schema");
      }
      return new SchemaDocument(root);
    } catch (JacksonException e) {
      TokenStreamLocation at = e.getLocation();
      String place =
          at == null ? "" : ", line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
      String reason = e.getOriginalMessage().lines().findFirst().orElse("no reason given");
      throw new GrammarException("JSON Schema" + place + ": not well-formed JSON: " + reason, e);
    }
  }

  private static JsonFactory factory() {
    return JsonFactory.builder()
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(MAX_NESTING)
                .maxNumberLength(MAX_NUMBER_LENGTH)
                .build())
        .build();
  }

  private static Object value(JsonParser parser) {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, Object> object = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String key = parser.currentName();
          parser.nextToken();
          object.put(key, value(parser));
        }
        yield object;
      }
      case START_ARRAY -> {
        List<Object> array = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          array.add(value(parser));
        }
        yield array;
      }
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
          parser.getDecimalValue().stripTrailingZeros(); // 1 and 1.0 are equal
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
          throw new IllegalStateException("no value starts with " + parser.currentToken());
    };
  }

  private void note(Object value, String pointer) {
    switch (value) {
      case Map<?, ?> object -> {
        pointers.put(object, pointer);
        object.forEach((key, member) ->
            note(member, pointer + "/" + ((String) key).replace("~", "~0").replace("/", "~1")));
      }
      case List<?> array -> {
        for (int i = 0; i < array.size(); i++) {
          note(array.get(i), pointer + "/" + i);
        }
      }
      case null, default -> {}
    }
  }

  Object root() {
    return root;
  }

  /** Where a schema is, or what it was made from. */
  String pointer(Map<String, Object> schema) {
    return pointers.getOrDefault(schema, "#");
  }

  /** Says that a schema was made from another one. */
  Map<String, Object> madeFrom(Map<String, Object> origin, Map<String, Object> made) {
    pointers.put(made, pointer(origin));
    return made;
  }

  /** What {@code $ref} in a schema refers to. */
  Object resolve(Map<String, Object> schema, String reference) {
    if (!reference.equals("#") && !reference.startsWith("#/")) {
      throw fault(
          schema,
          "$ref",
          "refers to \"" + reference + "\"; only \"#\" and \"#/...\" in the same document can be");
    }
    Object at = root;
    String path;
    try {
      path = URLDecoder.decode(reference.substring(1).replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new GrammarException(
          fault(schema, "$ref", "has a broken percent escape: " + reference).getMessage(), e);
    }
    String[] keys = path.isEmpty() ? new String[0] : path.substring(1).split("/", -1);
    for (String key : keys) {
      at = member(at, key.replace("~1", "/").replace("~0", "~"));
      if (at == null) {
        throw fault(schema, "$ref", "refers to " + reference + ", which does not exist");
      }
    }
    return at;
  }

  private static Object member(Object container, String key) {
    return switch (container) {
      case Map<?, ?> object -> object.get(key);
      case List<?> array when key.matches("\\d{1,6}") && Integer.parseInt(key) < array.size() ->
          array.get(Integer.parseInt(key));
      case null, default -> null;
    };
  }

  /** A fault of a keyword; {@code reason} goes on after its name. */
  GrammarException fault(Map<String, Object> schema, String keyword, String reason) {
    return new GrammarException(
        "JSON Schema, " + pointer(schema) + ": \"" + keyword + "\" " + reason);
  }
}
