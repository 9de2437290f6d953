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
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/**
 * A JSON document as maps, lists, strings, numbers, booleans and nulls. Built on the parser alone:
 * data binding would take longer to start than most documents to read.
 */
public final class JsonTree {
  private static final int MAX_NESTING = 64;
  private static final char QUOTE = '"';

  private JsonTree() {}

  /**
   * The one value of a JSON text: {@link Map}, {@link List}, {@link String}, {@link Number}, {@link
   * Boolean} or null. Objects keep the order of their keys.
   *
   * @throws IllegalArgumentException if it is not well-formed, says where and why
   */
  public static Object parse(String json) {
    try (JsonParser parser = factory(json.length()).createParser(ObjectReadContext.empty(), json)) {
      if (parser.nextToken() == null) {
        throw new IllegalArgumentException("not JSON: the text is empty");
      }
      Object root = value(parser);
      if (parser.nextToken() != null) {
        throw notJson(parser.currentTokenLocation(), "text behind the end of the first value");
      }
      return root;
    } catch (JacksonException e) {
      IllegalArgumentException fault = notJson(e.getLocation(), reason(e));
      fault.initCause(e);
      throw fault;
    }
  }

  private static IllegalArgumentException notJson(TokenStreamLocation at, String reason) {
    String place = at == null ? "" : ", line " + at.getLineNr() + ", column " + at.getColumnNr();
    return new IllegalArgumentException("not JSON" + place + ": " + reason);
  }

  /**
   * A value as JSON on one line, written as Python writes it: {@code {"a": 1, "b": [true, null]}}.
   *
   * @param value maps with string keys, lists, strings, numbers, booleans and nulls
   * @throws IllegalArgumentException if it holds anything else
   */
  public static String write(Object value) {
    StringBuilder out = new StringBuilder();
    write(value, out);
    return out.toString();
  }

  private static void write(Object value, StringBuilder out) {
    switch (value) {
      case null -> out.append("null");
      case String text -> writeString(text, out);
      case Number number -> out.append(number);
      case Boolean bool -> out.append(bool);
      case Map<?, ?> object -> {
        String separator = "";
        out.append('{');
        for (Map.Entry<?, ?> entry : object.entrySet()) {
          out.append(separator);
          writeString(String.valueOf(entry.getKey()), out);
          out.append(": ");
          write(entry.getValue(), out);
          separator = ", ";
        }
        out.append('}');
      }
      case List<?> array -> {
        String separator = "";
        out.append('[');
        for (Object element : array) {
          out.append(separator);
          write(element, out);
          separator = ", ";
        }
        out.append(']');
      }
      default ->
          throw new IllegalArgumentException(
              "a "
                  + value.getClass().getName()
                  + " is no JSON value; use maps, lists, strings,"
                  + " numbers, booleans and nulls");
    }
  }

  private static void writeString(String text, StringBuilder out) {
    out.append(QUOTE);
    JsonStringEncoder.getInstance().quoteAsString(text, out);
    out.append(QUOTE);
  }

  /** The one value of a document in UTF-8. */
  static Object parse(Path path, byte[] json) throws ModelFormatException {
    requireUtf8(path, json);
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

  /** The parser would also take UTF-16 and UTF-32, and lets pass some of what is not UTF-8. */
  private static void requireUtf8(Path path, byte[] json) throws ModelFormatException {
    SmallFile.requireUtf8(path, json);
    for (int i = 0; i < json.length; i++) {
      if (json[i] == 0) {
        throw new ModelFormatException(
            path, i, "not well-formed JSON: byte 0x00; expected a JSON object in UTF-8");
      }
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
