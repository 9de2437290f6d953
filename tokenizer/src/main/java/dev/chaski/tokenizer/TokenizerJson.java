package dev.chaski.tokenizer;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads the {@code tokenizer.json} of a Hugging Face checkpoint.
 *
 * <p>Accepted is what Llama 3 checkpoints hold: a BPE model, the Llama 3 split pattern, no
 * normalizer, and added tokens that are matched as they stand. Everything else is refused, with the
 * place, what was found and what was expected, since ids would silently be wrong. The {@code
 * post_processor} (which adds a begin-of-text token), {@code truncation} and {@code padding} are
 * none of the tokenizer's business and are skipped.
 */
public final class TokenizerJson {
  private static final int MAX_BYTES = 128 << 20;
  private static final int MAX_NESTING = 64;
  private static final int MAX_STRING_LENGTH = 16 << 20;
  private static final int MAX_ADDED_TOKENS = 1 << 20;
  private static final int MAX_TREE_NODES = 10_000;

  private final JsonParser parser;
  private final TokenizerDocument document = new TokenizerDocument();
  private int treeNodes;

  private TokenizerJson(JsonParser parser) {
    this.parser = parser;
  }

  /**
   * The tokenizer that a file describes.
   *
   * @throws TokenizerFormatException if the file is not JSON, larger than 128 MiB, or describes a
   *     tokenizer of another kind or a broken one
   * @throws IOException if the file cannot be read
   */
  public static BpeTokenizer read(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return read(in);
    } catch (TokenizerFormatException e) {
      throw e.in(path);
    }
  }

  /**
   * The tokenizer that a stream describes. The stream is read to its end and not closed.
   *
   * @throws TokenizerFormatException if the stream is not JSON, longer than 128 MiB, or describes a
   *     tokenizer of another kind or a broken one
   * @throws IOException if the stream cannot be read
   */
  public static BpeTokenizer read(InputStream in) throws IOException {
    return BpeTokenizer.of(readVocabulary(in));
  }

  /**
   * The vocabulary that a file describes, for those who write it in another format.
   *
   * @throws TokenizerFormatException as {@link #read(Path)}; but faults that {@link
   *     BpeTokenizer#of} finds go unseen
   * @throws IOException if the file cannot be read
   */
  public static BpeVocabulary readVocabulary(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return readVocabulary(in);
    } catch (TokenizerFormatException e) {
      throw e.in(path);
    }
  }

  /** What a document says about the vocabulary; see {@link #read(InputStream)}. */
  static BpeVocabulary readVocabulary(InputStream in) throws IOException {
    byte[] json = in.readNBytes(MAX_BYTES + 1);
    if (json.length > MAX_BYTES) {
      throw new TokenizerFormatException(
          "document", "longer than %,d bytes; expected a tokenizer.json".formatted(MAX_BYTES));
    }
    // Names are mostly tokens, each met once: interning and canonicalizing them would cost more
    // than all the rest.
    JsonFactory factory =
        JsonFactory.builder()
            .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_NESTING)
                    .maxStringLength(MAX_STRING_LENGTH)
                    .build())
            .build();
    // Given bytes, the parser would put U+FFFD where they are not UTF-8; this reader does not.
    Reader text = new InputStreamReader(withoutMark(json), StandardCharsets.UTF_8.newDecoder());
    try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), text)) {
      TokenizerJson reader = new TokenizerJson(parser);
      reader.readDocument();
      return reader.document.toVocabulary();
    } catch (JacksonException e) {
      requireUtf8(json);
      TokenStreamLocation location = e.getLocation();
      String where =
          location == null
              ? "document"
              : "line %d, column %d".formatted(location.getLineNr(), location.getColumnNr());
      TokenizerFormatException fault =
          new TokenizerFormatException(
              where, e.getOriginalMessage() + "; expected well-formed JSON");
      fault.initCause(e);
      throw fault;
    }
  }

  /** The document without a byte order mark. */
  private static InputStream withoutMark(byte[] json) {
    boolean marked =
        json.length >= 3
            && json[0] == (byte) 0xEF
            && json[1] == (byte) 0xBB
            && json[2] == (byte) 0xBF;
    int start = marked ? 3 : 0;
    return new ByteArrayInputStream(json, start, json.length - start);
  }

  /** Refuses what is not UTF-8, naming the first byte that is not. */
  private static void requireUtf8(byte[] json) throws TokenizerFormatException {
    ByteBuffer in = ByteBuffer.wrap(json);
    CoderResult result =
        StandardCharsets.UTF_8.newDecoder().decode(in, CharBuffer.allocate(json.length), true);
    if (result.isError()) {
      int at = in.position();
      throw new TokenizerFormatException(
          "byte " + at,
          "0x%02x cannot stand here; expected a JSON object in UTF-8".formatted(json[at] & 0xFF));
    }
  }

  private void readDocument() throws TokenizerFormatException {
    parser.nextToken();
    expect(JsonToken.START_OBJECT, "document");
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "added_tokens" -> readAddedTokens();
        case "normalizer" -> document.normalizer(readTree());
        case "pre_tokenizer" -> document.preTokenizer(readTree());
        case "decoder" -> document.decoder(readTree());
        case "model" -> readModel();
        default -> parser.skipChildren();
      }
    }
    if (parser.nextToken() != null) {
      throw new TokenizerFormatException("document", "text behind the end of the JSON object");
    }
  }

  private void readAddedTokens() throws TokenizerFormatException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    expect(JsonToken.START_ARRAY, "added_tokens");
    for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
      if (i == MAX_ADDED_TOKENS) {
        throw new TokenizerFormatException(
            "added_tokens", "more than %,d of them".formatted(MAX_ADDED_TOKENS));
      }
      document.addedToken(i, readTree());
    }
  }

  private void readModel() throws TokenizerFormatException {
    expect(JsonToken.START_OBJECT, "model");
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "vocab" -> readTokens();
        case "merges" -> readMerges();
        default -> document.modelSetting(name, readTree());
      }
    }
  }

  private void readTokens() throws TokenizerFormatException {
    expect(JsonToken.START_OBJECT, "model.vocab");
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      readToken();
    }
  }

  private void readToken() throws TokenizerFormatException {
    String token = parser.currentName();
    if (parser.nextToken() != JsonToken.VALUE_NUMBER_INT) {
      throw new TokenizerFormatException(
          "model.vocab",
          "id of \""
              + TokenizerDocument.abridged(token)
              + "\" is "
              + describe()
              + "; expected a token id");
    }
    document.token(token, parser.getIntValue());
  }

  private void readMerges() throws TokenizerFormatException {
    expect(JsonToken.START_ARRAY, "model.merges");
    for (int rank = 0; parser.nextToken() != JsonToken.END_ARRAY; rank++) {
      readMerge(rank);
    }
  }

  private void readMerge(int rank) throws TokenizerFormatException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      document.merge(parser.getString());
    } else {
      readMergePair("model.merges[" + rank + "]");
    }
  }

  private void readMergePair(String where) throws TokenizerFormatException {
    expect(JsonToken.START_ARRAY, where);
    parser.nextToken();
    expect(JsonToken.VALUE_STRING, where + "[0]");
    String left = parser.getString();
    parser.nextToken();
    expect(JsonToken.VALUE_STRING, where + "[1]");
    String right = parser.getString();
    parser.nextToken();
    expect(JsonToken.END_ARRAY, where + "[2]");
    document.merge(left + " " + right);
  }

  private void expect(JsonToken token, String where) throws TokenizerFormatException {
    if (parser.currentToken() != token) {
      throw new TokenizerFormatException(
          where, "found " + describe() + "; expected " + describe(token));
    }
  }

  /** The value at which the parser is, for an error message. */
  private String describe() {
    return switch (parser.currentToken()) {
      case null -> "the end of the document";
      case VALUE_STRING -> "the string \"" + TokenizerDocument.abridged(parser.getString()) + "\"";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
          "the number " + TokenizerDocument.abridged(parser.getString());
      case JsonToken token -> describe(token);
    };
  }

  private static String describe(JsonToken token) {
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case END_ARRAY -> "the end of the array";
      case VALUE_STRING -> "a string";
      case VALUE_NULL -> "null";
      case VALUE_TRUE -> "true";
      case VALUE_FALSE -> "false";
      case END_OBJECT,
          PROPERTY_NAME,
          VALUE_EMBEDDED_OBJECT,
          VALUE_NUMBER_INT,
          VALUE_NUMBER_FLOAT,
          NOT_AVAILABLE ->
          token.toString();
    };
  }

  /** A small value as maps, lists, strings, booleans, numbers, or null. */
  private Object readTree() throws TokenizerFormatException {
    treeNodes = 0;
    return readNode();
  }

  private Object readNode() throws TokenizerFormatException {
    if (++treeNodes > MAX_TREE_NODES) {
      throw new TokenizerFormatException(
          "line " + parser.currentLocation().getLineNr(),
          "a setting with more than %,d values; expected a few".formatted(MAX_TREE_NODES));
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, Object> object = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
          String name = parser.currentName();
          parser.nextToken();
          object.put(name, readNode());
        }
        yield object;
      }
      case START_ARRAY -> {
        List<Object> array = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          array.add(readNode());
        }
        yield array;
      }
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
      case VALUE_STRING -> parser.getString();
      default -> null;
    };
  }
}
