package dev.chaski.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaski.tokenizer.JsonBytes.Token;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

class JsonBytesTest {
  /** All tokens, those with a text as kind=text. */
  private static List<String> tokens(String json) throws TokenizerFormatException {
    JsonBytes reader = new JsonBytes(json.getBytes(StandardCharsets.UTF_8));
    List<String> tokens = new ArrayList<>();
    while (reader.next() != Token.END) {
      Token token = reader.token();
      boolean hasText = token == Token.NAME || token == Token.STRING || token == Token.NUMBER;
      tokens.add(hasText ? token + "=" + reader.textAsString() : token.toString());
    }
    return tokens;
  }

  @Test
  void readsEveryKindOfValue() throws TokenizerFormatException {
    assertThat(
            tokens(
                """
                 {"a": [1, -2.5e+3, {}, []], "": true,
                "b":false , "c" :null}\t\
                """))
        .containsExactly(
            "START_OBJECT",
            "NAME=a",
            "START_ARRAY",
            "NUMBER=1",
            "NUMBER=-2.5e+3",
            "START_OBJECT",
            "END_OBJECT",
            "START_ARRAY",
            "END_ARRAY",
            "END_ARRAY",
            "NAME=",
            "TRUE",
            "NAME=b",
            "FALSE",
            "NAME=c",
            "NULL",
            "END_OBJECT");
    assertThat(tokens("\"alone\"")).containsExactly("STRING=alone");
    assertThat(tokens("\uFEFF0")).containsExactly("NUMBER=0");
    assertThat(tokens("  ")).isEmpty();
  }

  @Test
  void unescapesStrings() throws TokenizerFormatException {
    assertThat(
            tokens("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\", \"x\\u00e9y\\u0120\", \"\\uD83d\\uDE00!\"]"))
        .containsExactly(
            "START_ARRAY", "STRING=\"\\/\b\f\n\r\t", "STRING=xéyĠ", "STRING=😀!", "END_ARRAY");
    String escaped = "\\u0061".repeat(1000);
    assertThat(tokens("\"é" + escaped + "€\""))
        .containsExactly("STRING=é" + "a".repeat(1000) + "€");
  }

  @Test
  void passesOverWhatIsNotWanted() throws TokenizerFormatException {
    JsonBytes reader = new JsonBytes("[{\"a\": [[1], {}]}, 7]".getBytes(StandardCharsets.UTF_8));
    reader.next();
    assertThat(reader.next()).isEqualTo(Token.START_OBJECT);
    reader.skipChildren();
    assertThat(reader.token()).isEqualTo(Token.END_OBJECT);
    assertThat(reader.next()).isEqualTo(Token.NUMBER);
    reader.skipChildren();
    assertThat(reader.next()).isEqualTo(Token.END_ARRAY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[1,]",
        "[,1]",
        "[1 2]",
        "[1",
        "[",
        "]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\" 1}",
        "{a:1}",
        "{,}",
        "{\"a\":1,}",
        "{\"a\":1 \"b\":2}",
        "{1:2}",
        "[}",
        "{]",
        "tru",
        "True",
        "nul",
        "falsey",
        "01",
        "-",
        "+1",
        ".5",
        "1.",
        "1e",
        "1e+",
        "0x1",
        "NaN",
        "--1",
        "1 1",
        "{} []",
        "\"",
        "\"a",
        "\"\\",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"a\nb\"",
        "\"\u0001\"",
        "'a'",
        "\"\\uD83D\"",
        "\"\\uDE00\"",
        "\"\\uD83Dx\"",
        "\"\\uD83D\\n\"",
        "\"\\uD83D\\uD83D\"",
        "[1]//",
        "/**/1",
        "\u00a01",
        "1\u0000"
      })
  void refusesWhatIsNotJson(String json) {
    assertThatThrownBy(() -> tokens(json))
        .isInstanceOf(TokenizerFormatException.class)
        .hasMessageStartingWith("line 1, column ")
        .hasMessageEndingWith("; expected well-formed JSON");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[1;2]|line 1, column 3: found ';' instead of a comma or the end of the array",
        "{\"é\" 1}|line 1, column 6: found '1' instead of a colon",
        "`[\n\n  \"é\", x]`|line 3, column 8: found 'x' instead of a value",
        "{|line 1, column 2: found the end of the document instead of a name in quotes",
        "\"\\uD83D\"|line 1, column 4: \\ud83d is half of a surrogate pair without the other",
      })
  void saysWhatIsWrongWhere(String json, String message) {
    assertThatThrownBy(() -> tokens(json)).hasMessageContaining(message);
  }

  @Test
  void nestingAndNumbersHaveLimits() throws TokenizerFormatException {
    assertThat(tokens("[".repeat(64) + "]".repeat(64))).hasSize(128);
    assertThatThrownBy(() -> tokens("[".repeat(65) + "]".repeat(65)))
        .hasMessageContaining("nesting is deeper than 64 levels");
    assertThat(tokens("9".repeat(1000))).hasSize(1);
    assertThatThrownBy(() -> tokens("9".repeat(1001)))
        .hasMessageContaining("a number of more than 1,000 characters");
  }

  /** Whatever is done to a document: both refuse it, or both read the same. */
  @Test
  void readsWhatJacksonReads() {
    String seed =
        "[{\"a\": [1, -2.5e+3, {}, []], \"é\\u0120\\n\": true}, \"€😀\\\\\", null, false, 0]";
    String parts = "{}[]:,\"\\ 0129.-+eEu\n\ttrue\0é";
    JsonFactory jackson = new JsonFactory();
    Random random = new Random(5);
    int numRead = 0;
    for (int round = 0; round < 20_000; round++) {
      StringBuilder json = new StringBuilder(seed);
      for (int i = random.nextInt(3); i >= 0; i--) {
        int at = random.nextInt(json.length());
        int part = random.nextInt(parts.length());
        json.replace(at, at + random.nextInt(2), parts.substring(part, part + random.nextInt(2)));
      }
      String document = json.toString();
      Optional<List<String>> expected = jacksonTokens(jackson, document);
      Optional<List<String>> actual;
      try {
        actual = Optional.of(tokens(document));
      } catch (TokenizerFormatException _) {
        actual = Optional.empty();
      }
      if (!hasUnpairedSurrogate(document)) {
        assertThat(actual).as(document).isEqualTo(expected);
        numRead += actual.isPresent() ? 1 : 0;
      }
    }
    assertThat(numRead).isBetween(1_000, 19_000);
  }

  /** Jackson reads them; a mutation may also cut a character in two. */
  private static boolean hasUnpairedSurrogate(String json) {
    return json.codePoints().anyMatch(c -> c >= 0xD800 && c < 0xE000);
  }

  private static Optional<List<String>> jacksonTokens(JsonFactory factory, String json) {
    List<String> tokens = new ArrayList<>();
    try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), json)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        tokens.add(
            switch (token) {
              case PROPERTY_NAME -> "NAME=" + parser.getString();
              case VALUE_STRING -> "STRING=" + parser.getString();
              case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "NUMBER=" + parser.getString();
              default -> token.toString().replace("VALUE_", "");
            });
      }
      return Optional.of(tokens);
    } catch (JacksonException _) {
      return Optional.empty();
    }
  }
}
