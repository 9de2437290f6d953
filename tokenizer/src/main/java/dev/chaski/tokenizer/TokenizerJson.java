package dev.chaski.tokenizer;

import dev.chaski.tokenizer.JsonBytes.Token;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
  private static final int MAX_ADDED_TOKENS = 1 << 20;
  private static final int MAX_TREE_NODES = 10_000;

  private final JsonBytes json;
  private final TokenizerDocument document = new TokenizerDocument();
  private int treeNodes;

  private TokenizerJson(JsonBytes json) {
    this.json = json;
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
    TokenizerJson reader = new TokenizerJson(new JsonBytes(json));
    reader.readDocument();
    return reader.document.toVocabulary();
  }

  private void readDocument() throws TokenizerFormatException {
    json.next();
    expect(Token.START_OBJECT, "document");
    while (json.next() == Token.NAME) {
      String name = json.textAsString();
      json.next();
      switch (name) {
        case "added_tokens" -> readAddedTokens();
        case "normalizer" -> document.normalizer(readTree());
        case "pre_tokenizer" -> document.preTokenizer(readTree());
        case "decoder" -> document.decoder(readTree());
        case "model" -> readModel();
        default -> json.skipChildren();
      }
    }
    json.next(); // the end: nothing else is well-formed
  }

  private void readAddedTokens() throws TokenizerFormatException {
    if (json.token() == Token.NULL) {
      return;
    }
    expect(Token.START_ARRAY, "added_tokens");
    for (int i = 0; json.next() != Token.END_ARRAY; i++) {
      if (i == MAX_ADDED_TOKENS) {
        throw new TokenizerFormatException(
            "added_tokens", "more than %,d of them".formatted(MAX_ADDED_TOKENS));
      }
      document.addedToken(i, readTree());
    }
  }

  private void readModel() throws TokenizerFormatException {
    expect(Token.START_OBJECT, "model");
    while (json.next() == Token.NAME) {
      String name = json.textAsString();
      json.next();
      switch (name) {
        case "vocab" -> readTokens();
        case "merges" -> readMerges();
        default -> document.modelSetting(name, readTree());
      }
    }
  }

  private void readTokens() throws TokenizerFormatException {
    expect(Token.START_OBJECT, "model.vocab");
    while (json.next() == Token.NAME) {
      readToken();
    }
  }

  private void readToken() throws TokenizerFormatException {
    document.tokenName(json.text(), json.textStart(), json.textEnd());
    if (json.next() != Token.NUMBER || !json.isInteger()) {
      throw document.noId(describe());
    }
    document.tokenId(json.text(), json.textStart(), json.textEnd());
  }

  private void readMerges() throws TokenizerFormatException {
    expect(Token.START_ARRAY, "model.merges");
    for (int rank = 0; json.next() != Token.END_ARRAY; rank++) {
      readMerge(rank);
    }
  }

  private void readMerge(int rank) throws TokenizerFormatException {
    if (json.token() == Token.STRING) {
      document.merge(json.text(), json.textStart(), json.textEnd());
    } else {
      readMergePair("model.merges[" + rank + "]");
    }
  }

  private void readMergePair(String where) throws TokenizerFormatException {
    expect(Token.START_ARRAY, where);
    json.next();
    expect(Token.STRING, where + "[0]");
    byte[] left = Arrays.copyOfRange(json.text(), json.textStart(), json.textEnd());
    json.next();
    expect(Token.STRING, where + "[1]");
    document.merge(left, json.text(), json.textStart(), json.textEnd());
    json.next();
    expect(Token.END_ARRAY, where + "[2]");
  }

  private void expect(Token token, String where) throws TokenizerFormatException {
    if (json.token() != token) {
      throw new TokenizerFormatException(
          where, "found " + describe() + "; expected " + token.description());
    }
  }

  /** The last token, for an error message. */
  private String describe() {
    String description = json.token().description();
    return switch (json.token()) {
      case STRING -> "the string \"" + TokenizerDocument.abridged(json.textAsString()) + "\"";
      case NUMBER -> "the number " + TokenizerDocument.abridged(json.textAsString());
      case START_OBJECT, END_OBJECT, START_ARRAY, END_ARRAY, NAME, TRUE, FALSE, NULL, END ->
          description;
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
          "line " + json.line(),
          "a setting with more than %,d values; expected a few".formatted(MAX_TREE_NODES));
    }
    return switch (json.token()) {
      case START_OBJECT -> {
        Map<String, Object> object = new LinkedHashMap<>();
        while (json.next() == Token.NAME) {
          String name = json.textAsString();
          json.next();
          object.put(name, readNode());
        }
        yield object;
      }
      case START_ARRAY -> {
        List<Object> array = new ArrayList<>();
        while (json.next() != Token.END_ARRAY) {
          array.add(readNode());
        }
        yield array;
      }
      case TRUE -> true;
      case FALSE -> false;
      case NUMBER -> number();
      case STRING -> json.textAsString();
      case END_OBJECT, END_ARRAY, NAME, NULL, END -> null;
    };
  }

  private Number number() {
    String text = json.textAsString();
    if (!json.isInteger()) {
      return Double.valueOf(text);
    }
    BigInteger value = new BigInteger(text);
    return value.bitLength() < Integer.SIZE ? (Number) value.intValue() : value;
  }
}
