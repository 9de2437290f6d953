package dev.chaski.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerJsonTest {
  /** A complete document: the bytes, "ab" (256), "abc" (257), a special and an added token. */
  private static final String VALID =
      """
      {
        "version": "1.0", "truncation": null, "padding": {"any": ["thing", 1.5e3]},
        "added_tokens": [
          {"id": 258, "content": "<|eot_id|>", "lstrip": false, "special": true},
          {"id": 259, "content": "<think>", "special": false}
        ],
        "normalizer": null,
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
          {"type": "Split", "pattern": {"Regex": %s}, "behavior": "Isolated", "invert": false},
          {"type": "ByteLevel", "add_prefix_space": false, "use_regex": false}
        ]},
        "decoder": {"type": "ByteLevel"},
        "model": {
          "type": "BPE", "dropout": null, "byte_fallback": false, "ignore_merges": true,
          "continuing_subword_prefix": null, "end_of_word_suffix": "",
          "vocab": {%s, "ab": 256, "abc": 257},
          "merges": ["a b", ["ab", "c"]]
        }
      }
      """
          .formatted(
              quoted(PreTokenizer.PATTERN),
              IntStream.range(0, 256)
                  .mapToObj(b -> quoted(Vocabularies.bytes().get(b)) + ": " + b)
                  .collect(Collectors.joining(", ")));

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  private static BpeTokenizer read(String json) throws IOException {
    return TokenizerJson.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void readsTokensMergesAndTypes() throws IOException {
    BpeTokenizer tokenizer = read(VALID);
    assertThat(tokenizer.vocabSize()).isEqualTo(260);
    assertThat(tokenizer.encode("abc xabc<think>")).containsExactly(257, ' ', 'x', 257, 259);
    assertThat(tokenizer.encode("<|eot_id|>", SpecialTokens.PARSE)).containsExactly(258);
    assertThat(tokenizer.type(258)).isEqualTo(TokenType.CONTROL);
    assertThat(tokenizer.type(259)).isEqualTo(TokenType.USER_DEFINED);
    assertThat(tokenizer.type(257)).isEqualTo(TokenType.NORMAL);
  }

  @Test
  void anAddedTokenMayAlsoBeInTheVocabulary() throws IOException {
    BpeTokenizer tokenizer =
        read(VALID.replace("\"abc\": 257}", "\"abc\": 257, \"<|eot_id|>\": 258}"));
    assertThat(tokenizer.vocabSize()).isEqualTo(260);
    assertThat(tokenizer.isSpecial(258)).isTrue();
  }

  @Test
  void sectionsMayComeInAnyOrder() throws IOException {
    int added = VALID.indexOf("\"added_tokens\"");
    int normalizer = VALID.indexOf("\"normalizer\"");
    String section = VALID.substring(added, normalizer).strip();
    String moved =
        VALID.substring(0, added)
            + VALID.substring(normalizer, VALID.lastIndexOf('}'))
            + ", "
            + section.substring(0, section.length() - 1)
            + "}";
    assertThat(read(moved).encode("<think>")).containsExactly(259);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"type\": \"BPE\"|\"type\": \"Unigram\"|model.type: found Unigram",
        "\"type\": \"BPE\",|``|model.type: found none",
        "\"byte_fallback\": false|\"byte_fallback\": true|model.byte_fallback: found true",
        "\"dropout\": null|\"dropout\": 0.1|model.dropout: found 0.1",
        "\"end_of_word_suffix\": \"\"|\"end_of_word_suffix\": \"</w>\"|found </w>",
        "\"ignore_merges\": true|\"ignore_merges\": \"yes\"|model.ignore_merges: found yes",
        "\"normalizer\": null|\"normalizer\": {\"type\": \"NFC\"}|normalizer: found {type=NFC}",
        "\"decoder\": {\"type\": \"ByteLevel\"}|\"decoder\": {\"type\": \"WordPiece\"}|decoder:",
        "\"type\": \"Split\"|\"type\": \"Whitespace\"|pre_tokenizer: found",
        "\"behavior\": \"Isolated\"|\"behavior\": \"Removed\"|expected a Sequence of Split",
        "\"invert\": false|\"invert\": true|expected a Sequence of Split",
        "\"use_regex\": false|\"use_regex\": true|expected a Sequence of Split",
        "{1,3}|+|found the split pattern (?i:'s|",
        "\"lstrip\": false|\"lstrip\": true|\"<|eot_id|>\" has lstrip = true",
        "\"content\": \"<think>\",|``|added_tokens[1]: found",
        "\"id\": 259|\"id\": 258|added_tokens[1]: tokens \"<|eot_id|>\" and \"<think>\" both have",
        "\"id\": 259|\"id\": 300|no token has the id 259, but the largest id is 300",
        "\"id\": 259|\"id\": -1|id of \"<think>\" is -1",
        "\"abc\": 257|\"abc\": 256|tokens \"ab\" and \"abc\" both have the id 256",
        "\"abc\": 257|\"abc\": \"257\"|id of \"abc\" is the string \"257\"",
        "\"abc\": 257|\"abc\": 2.5|id of \"abc\" is the number 2.5",
        "\"abc\": 257|\"abc\": 2000000000|id of \"abc\" is 2000000000; expected 0 to 2097150",
        "\"abc\": 257|\"abc\": 99999999999999999999|expected well-formed JSON",
        "\"a b\"|\"ab\"|merges[0]: \"ab\"; expected two tokens",
        "\"a b\"|\"a zz\"|merges[0]: token \"zz\" is not in the vocabulary",
        "\"a b\"|7|model.merges[0]: found the number 7",
        "[\"ab\", \"c\"]|[\"ab\"]|model.merges[1][1]: found the end of the array",
        "[\"ab\", \"c\"]|[\"ab\", \"c\", \"d\"]|model.merges[1][2]: found the string \"d\"",
        "\"vocab\": {|\"vocab\": 5, \"x\": {|model.vocab: found the number 5; expected an object",
        "\"abc\": 257}|\"abc\": 257|id of \"merges\" is an array",
      })
  void refusesWhatIsNotSupportedOrBroken(String valid, String broken, String message) {
    String json = VALID.replace(valid, broken);
    assertThat(json).isNotEqualTo(VALID);
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(TokenizerFormatException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "null", "{}", "{\"model\": 1}", "{\"model\": {}} x", "\0"})
  void refusesOtherDocuments(String json) {
    assertThatThrownBy(() -> read(json)).isInstanceOf(TokenizerFormatException.class);
  }

  @Test
  void refusesDeepNesting() {
    String json = VALID.replace("\"normalizer\": null", "\"normalizer\": " + "[".repeat(100_000));
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(TokenizerFormatException.class)
        .hasMessageContaining("nesting");
  }

  @Test
  void refusesEndlessSettings() {
    String json =
        VALID.replace("\"normalizer\": null", "\"normalizer\": [1" + ",[]".repeat(10_000) + "]");
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(TokenizerFormatException.class)
        .hasMessageContaining("more than 10,000 values");
  }

  /** In names, in strings, in what is skipped. */
  @ParameterizedTest
  @CsvSource({
    "'abc\": 257', 1",
    "'<think>', 2",
    "'thing', 1",
    "'ByteLevel', 5",
    "'version', 0",
    "'dropout', 7"
  })
  void whatIsNotUtf8IsRefusedWhereverItStands(String near, int offset) {
    int at = VALID.indexOf(near) + offset;
    for (byte[] wrong :
        new byte[][] {
          {(byte) 0xFF},
          {(byte) 0xC3, '('},
          {(byte) 0xC0, (byte) 0x80},
          {(byte) 0xED, (byte) 0xA0, (byte) 0x80}
        }) {
      byte[] before = VALID.substring(0, at).getBytes(StandardCharsets.UTF_8);
      byte[] after = VALID.substring(at).getBytes(StandardCharsets.UTF_8);
      byte[] json = new byte[before.length + wrong.length + after.length];
      System.arraycopy(before, 0, json, 0, before.length);
      System.arraycopy(wrong, 0, json, before.length, wrong.length);
      System.arraycopy(after, 0, json, before.length + wrong.length, after.length);
      assertThatThrownBy(() -> TokenizerJson.read(new ByteArrayInputStream(json)))
          .isInstanceOfSatisfying(
              TokenizerFormatException.class,
              e -> {
                assertThat(e.where()).isEqualTo("byte " + before.length);
                assertThat(e.reason()).endsWith("expected a JSON object in UTF-8");
              });
    }
  }

  @Test
  void aByteOrderMarkIsNoFault() throws IOException {
    assertThat(read("\uFEFF" + VALID).vocabSize()).isEqualTo(260);
    byte[] utf16 = VALID.getBytes(StandardCharsets.UTF_16LE);
    assertThatThrownBy(() -> TokenizerJson.read(new ByteArrayInputStream(utf16)))
        .isInstanceOf(TokenizerFormatException.class);
  }

  @Test
  void damagedDocumentsAreRefusedOrReadButNeverCrash() {
    Random random = new Random(11);
    for (int round = 0; round < 2_000; round++) {
      byte[] json = VALID.getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i <= random.nextInt(4); i++) {
        json[random.nextInt(json.length)] = (byte) random.nextInt(256);
      }
      int length = random.nextInt(4) == 0 ? random.nextInt(json.length) : json.length;
      InputStream in = new ByteArrayInputStream(json, 0, length);
      try {
        assertThat(TokenizerJson.read(in).vocabSize()).isPositive();
      } catch (IOException e) {
        assertThat(e).isInstanceOf(TokenizerFormatException.class);
      }
    }
  }

  @Test
  void namesTheFile(@TempDir Path folder) throws IOException {
    Path file =
        Files.writeString(folder.resolve("tokenizer.json"), VALID.replace("BPE", "WordPiece"));
    assertThatThrownBy(() -> TokenizerJson.read(file))
        .isInstanceOfSatisfying(
            TokenizerFormatException.class,
            e -> {
              assertThat(e.path()).contains(file);
              assertThat(e.where()).isEqualTo("model.type");
              assertThat(e.reason()).contains("WordPiece", "expected BPE");
              assertThat(e).hasMessage(file + ": " + e.where() + ": " + e.reason());
            });
    assertThatThrownBy(() -> TokenizerJson.read(folder.resolve("none.json")))
        .isInstanceOf(NoSuchFileException.class);
  }
}
