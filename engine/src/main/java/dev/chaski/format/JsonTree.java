package dev.chaski.format;

import java.nio.file.Path;
import java.util.ArrayList;
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
import tools.jackson.core.json.JsonReadFeature;

/**
 * A JSON document as maps, lists, strings, numbers, booleans and nulls. Built on the parser alone:
 * data binding would take longer to start than most documents to read.
 */
final class JsonTree {
  private static final int MAX_NESTING = 64;

  private JsonTree() {}

  /** The one value of a document in UTF-8. */
  static Object parse(Path path, byte[] json) throws ModelFormatException {
    try (JsonParser parser = factory(json.length).createParser(ObjectReadContext.empty(), json)) {
      if (parser.nextToken() == null) {
        throw new ModelFormatException(path, 0, "the file is empty; expected a JSON object");
      }
      Object root = value(parser);
      if (parser.nextToken() != null) {
        throw new ModelFormatException(
            path,
            parser.currentTokenLocation().getByteOffset(),
            "not well-formed JSON: text behind the end of the first value");
      }
      return root;
    } catch (JacksonException e) {
      TokenStreamLocation at = e.getLocation();
      throw new ModelFormatException(
          path,
          at == null ? ModelFormatException.UNKNOWN_OFFSET : at.getByteOffset(),
          "not well-formed JSON: " + reason(e),
          e);
    }
  }

  private static JsonFactory factory(int length) {
    return JsonFactory.builder()
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS) // as Python writes them
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(MAX_NESTING)
                .maxStringLength(Math.max(1, length))
                .build())
        .build();
  }

  /** Jackson's reason, without its advice to programmers. */
  private static String reason(JacksonException e) {
    String line = e.getOriginalMessage().lines().findFirst().orElse("no reason given");
    return line.replaceAll(", from `[^`]*`", "");
  }

  /** The value at which the parser is; the parser has checked how deep they nest. */
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
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
          throw new IllegalStateException("no value starts with " + parser.currentToken());
    };
  }
}
