package dev.chaski.safetensors;

import dev.chaski.format.Excerpt;
import dev.chaski.format.ModelFormatException;
import dev.chaski.format.UnsupportedModelException;
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
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/** What the JSON of a header says; each part is of the right kind, nothing is checked beyond. */
final class HeaderJson {
  private static final int MAX_NESTING = 64;
  private static final int MAX_NAME_LENGTH = 4096;
  private static final int MAX_DIMENSIONS = 16;

  /** Of one file. The largest checkpoints have some thousands in all their shards. */
  private static final int MAX_TENSORS = 1 << 18;

  private static final String METADATA = "__metadata__";

  /**
   * The header's words on one tensor.
   *
   * @param begin first byte, counted from the end of the header, not negative
   * @param end byte after the last, not negative
   * @param at byte of the file where the entry stands
   */
  record Entry(String name, SafetensorsType type, List<Long> shape, long begin, long end, long at) {
    ModelFormatException fault(Path path, String reason) {
      return new ModelFormatException(path, at, "tensor " + Excerpt.quoted(name) + " " + reason);
    }
  }

  private final Path path;
  private final JsonParser parser;
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final List<Entry> entries = new ArrayList<>();

  private HeaderJson(Path path, JsonParser parser) {
    this.path = path;
    this.parser = parser;
  }

  static HeaderJson parse(Path path, byte[] json)
      throws ModelFormatException, UnsupportedModelException {
    // The parser would also take UTF-16, where one of these bytes is zero.
    if (json[0] != '{' || json[1] == 0) {
      throw new ModelFormatException(
          path,
          SafetensorsHeader.LENGTH_BYTES,
          "the header does not start with '{'; expected a JSON object in UTF-8. Is this a"
              + " safetensors file?");
    }
    try (JsonParser parser = factory(json.length).createParser(ObjectReadContext.empty(), json)) {
      HeaderJson header = new HeaderJson(path, parser);
      header.readDocument();
      return header;
    } catch (JacksonException e) {
      TokenStreamLocation at = e.getLocation();
      throw new ModelFormatException(
          path,
          at == null
              ? ModelFormatException.UNKNOWN_OFFSET
              : SafetensorsHeader.LENGTH_BYTES + at.getByteOffset(),
          "the header is not well-formed JSON: " + reason(e),
          e);
    }
  }

  /** Jackson's reason, without its advice to programmers. */
  private static String reason(JacksonException e) {
    String line = e.getOriginalMessage().lines().findFirst().orElse("no reason given");
    return line.replaceAll(", from `[^`]*`|: enable `.*", "");
  }

  private static JsonFactory factory(int length) {
    // Names stay canonicalized: else the parser would put U+FFFD where bytes are not UTF-8.
    return JsonFactory.builder()
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(MAX_NESTING)
                .maxNameLength(MAX_NAME_LENGTH)
                .maxStringLength(length)
                .build())
        .build();
  }

  /** What the writer says about the file. */
  Map<String, String> metadata() {
    return metadata;
  }

  /** The tensors, in the order of the header. */
  List<Entry> entries() {
    return entries;
  }

  private void readDocument() throws ModelFormatException, UnsupportedModelException {
    parser.nextToken();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      long at = position();
      parser.nextToken();
      if (name.equals(METADATA)) {
        readMetadata();
      } else {
        readEntry(name, at);
      }
    }
    if (parser.nextToken() != null) {
      throw fault(position(), "text behind the end of the header's JSON object");
    }
  }

  private void readMetadata() throws ModelFormatException {
    require(JsonToken.START_OBJECT, METADATA, "an object of strings");
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String key = parser.currentName();
      parser.nextToken();
      require(JsonToken.VALUE_STRING, METADATA + " " + Excerpt.quoted(key), "a string");
      metadata.put(key, parser.getString());
    }
  }

  private void readEntry(String name, long at)
      throws ModelFormatException, UnsupportedModelException {
    if (entries.size() == MAX_TENSORS) {
      throw fault(at, "more than %d tensors, which no model needs".formatted(MAX_TENSORS));
    }
    String tensor = "tensor " + Excerpt.quoted(name);
    require(JsonToken.START_OBJECT, tensor, "an object");
    SafetensorsType type = null;
    List<Long> shape = null;
    List<Long> offsets = null;
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "dtype" -> type = readType(tensor);
        case "shape" -> shape = readSizes("the shape of " + tensor);
        case "data_offsets" -> offsets = readSizes("data_offsets of " + tensor);
        default -> parser.skipChildren();
      }
    }
    requirePresent(type, tensor, "dtype", at);
    requirePresent(shape, tensor, "shape", at);
    requirePresent(offsets, tensor, "data_offsets", at);
    if (offsets.size() != 2) {
      throw fault(at, "%s has %d data_offsets; expected 2".formatted(tensor, offsets.size()));
    }
    entries.add(new Entry(name, type, shape, offsets.get(0), offsets.get(1), at));
  }

  private void requirePresent(Object value, String tensor, String field, long at)
      throws ModelFormatException {
    if (value == null) {
      throw fault(at, tensor + " has no " + field);
    }
  }

  private SafetensorsType readType(String tensor)
      throws ModelFormatException, UnsupportedModelException {
    require(JsonToken.VALUE_STRING, "the dtype of " + tensor, "a string");
    String name = parser.getString();
    return SafetensorsType.fromName(name)
        .orElseThrow(() ->
            new UnsupportedModelException(
                path,
                tensor
                    + " has dtype "
                    + Excerpt.quoted(name)
                    + "; supported are "
                    + SafetensorsType.supported()));
  }

  /** A list of integers that are not negative. */
  private List<Long> readSizes(String what) throws ModelFormatException {
    require(JsonToken.START_ARRAY, what, "a list of integers");
    List<Long> sizes = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      require(JsonToken.VALUE_NUMBER_INT, what, "a list of integers");
      long size = parser.getLongValue(); // an exception of Jackson's if it does not fit
      if (size < 0) {
        throw fault(position(), what + " has " + size + "; expected no negative numbers");
      }
      if (sizes.size() == MAX_DIMENSIONS) {
        throw fault(position(), "%s has more than %d numbers".formatted(what, MAX_DIMENSIONS));
      }
      sizes.add(size);
    }
    return sizes;
  }

  private void require(JsonToken token, String what, String expected) throws ModelFormatException {
    if (parser.currentToken() != token) {
      throw fault(position(), what + " is " + describe() + "; expected " + expected);
    }
  }

  private String describe() {
    return switch (parser.currentToken()) {
      case null -> "cut off";
      case START_OBJECT, END_OBJECT -> "an object";
      case START_ARRAY, END_ARRAY -> "a list";
      case VALUE_NULL -> "null";
      case VALUE_TRUE, VALUE_FALSE, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_STRING ->
          Excerpt.quoted(parser.getString());
      case PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE -> "something else";
    };
  }

  private long position() {
    return SafetensorsHeader.LENGTH_BYTES + parser.currentTokenLocation().getByteOffset();
  }

  private ModelFormatException fault(long at, String reason) {
    return new ModelFormatException(path, at, reason);
  }
}
