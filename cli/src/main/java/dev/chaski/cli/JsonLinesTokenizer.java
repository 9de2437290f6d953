package dev.chaski.cli;

import dev.chaski.cli.terminal.Console;
import dev.chaski.tokenizer.BpeTokenizer;
import dev.chaski.tokenizer.SpecialTokens;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Tokenizes JSON Lines: {@code {"text": "Hello", "special": true}} becomes {@code [9906]}. Only
 * {@code \n} ends a line: texts may hold other line ends. Works line by line as a filter.
 */
final class JsonLinesTokenizer {
  private static final int BUFFER_SIZE = 1 << 16;

  private final JsonFactory json =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .build();
  private final BpeTokenizer tokenizer;
  private final SpecialTokens defaultSpecials;

  /**
   * A filter.
   *
   * @param defaultSpecials for objects that do not say
   */
  JsonLinesTokenizer(BpeTokenizer tokenizer, SpecialTokens defaultSpecials) {
    this.tokenizer = tokenizer;
    this.defaultSpecials = defaultSpecials;
  }

  /**
   * Answers every line of standard input.
   *
   * @throws IOException if a line is not such an object; it names the line
   */
  void run(Console console) throws IOException {
    InputStream in = new BufferedInputStream(console.in(), BUFFER_SIZE);
    ByteArrayOutputStream answers = new ByteArrayOutputStream();
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    long number = 1;
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b != '\n') {
        line.write(b);
        continue;
      }
      answers.writeBytes(answer(line.toByteArray(), number));
      line.reset();
      number++;
      // At once when the input pauses, so that somebody can talk to us; else in bulk.
      if (answers.size() >= BUFFER_SIZE || in.available() == 0) {
        console.print(answers.toByteArray());
        answers.reset();
      }
    }
    if (line.size() > 0) {
      answers.writeBytes(answer(line.toByteArray(), number));
    }
    console.print(answers.toByteArray());
  }

  private byte[] answer(byte[] line, long number) throws IOException {
    try (JsonParser parser = json.createParser(ObjectReadContext.empty(), line)) {
      int[] ids = encode(parser);
      StringBuilder array = new StringBuilder(7 * ids.length + 3).append('[');
      for (int i = 0; i < ids.length; i++) {
        array.append(i == 0 ? "" : ",").append(ids[i]);
      }
      return array.append("]\n").toString().getBytes(StandardCharsets.US_ASCII);
    } catch (JacksonException e) {
      throw unusable(number, e.getOriginalMessage(), e);
    } catch (IllegalArgumentException e) {
      throw unusable(number, e.getMessage(), e);
    }
  }

  private static IOException unusable(long number, String reason, Exception cause) {
    return new IOException(
        "standard input, line "
            + number
            + ": "
            + reason
            + "; expected an object like {\"text\": \"Hello\", \"special\": false}",
        cause);
  }

  /** Reads the object and encodes its text. */
  private int[] encode(JsonParser parser) {
    require(parser.nextToken() == JsonToken.START_OBJECT, "not a JSON object");
    String text = null;
    SpecialTokens specials = defaultSpecials;
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      switch (name) {
        case "text" -> {
          require(value == JsonToken.VALUE_STRING, "\"text\" is not a string");
          text = parser.getString();
        }
        case "special" -> {
          require(value.isBoolean(), "\"special\" is not true or false");
          specials = value == JsonToken.VALUE_TRUE ? SpecialTokens.PARSE : SpecialTokens.AS_TEXT;
        }
        default -> parser.skipChildren();
      }
    }
    require(parser.nextToken() == null, "there is more than one value");
    require(text != null, "\"text\" is missing");
    return tokenizer.encode(text, specials);
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
