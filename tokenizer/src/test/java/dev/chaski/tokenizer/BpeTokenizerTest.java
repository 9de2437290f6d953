package dev.chaski.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaski.tokenizer.Vocabularies.Token;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** In vocabularies made here the id of a single byte is its value; other tokens begin at 256. */
class BpeTokenizerTest {
  private static final Token EOT = new Token("<|eot_id|>", TokenType.CONTROL);

  @Test
  void mergesTheBestPairFirst() throws TokenizerFormatException {
    BpeTokenizer tokenizer = tokenizer(false, List.of("b c", "a b", "bc d"));
    assertThat(tokenizer.encode("abcd")).containsExactly('a', 258);
    assertThat(tokenizer.encode("abd")).containsExactly(257, 'd');
    assertThat(tokenizer.encode("")).isEmpty();
  }

  @Test
  void mergesTheLeftmostOfEqualPairs() throws TokenizerFormatException {
    BpeTokenizer tokenizer = tokenizer(false, List.of("a a"));
    assertThat(tokenizer.encode("aaaaa")).containsExactly(256, 256, 'a');
    assertThat(tokenizer.encode("a".repeat(101))).hasSize(51).endsWith(256, 'a');
  }

  @Test
  void theFirstOfEqualMergesAndOfEqualTokensCounts() throws TokenizerFormatException {
    BpeTokenizer tokenizer =
        BpeTokenizer.of(
            Vocabularies.of(
                List.of("a b", "b c", "a b"), false, new Token("ab", TokenType.NORMAL)));
    assertThat(tokenizer.encode("abc")).containsExactly(256, 'c');
    assertThat(tokenizer.decode(new int[] {258})).isEqualTo("ab");
    assertThat(tokenizer.id("ab")).hasValue(256);
  }

  @Test
  void takesWholePreTokensOnlyWhenTheVocabularySaysSo() throws TokenizerFormatException {
    Token unreachable = new Token("Ġxyz", TokenType.NORMAL);
    Token longer = new Token("Ġunreachable", TokenType.NORMAL);
    BpeTokenizer ignoring =
        BpeTokenizer.of(Vocabularies.of(List.of("x y"), true, unreachable, longer));
    assertThat(ignoring.encode(" xyz xyz!")).containsExactly(257, 257, '!');
    assertThat(ignoring.encode(" unreachable")).containsExactly(258);
    BpeTokenizer merging =
        BpeTokenizer.of(Vocabularies.of(List.of("x y"), false, unreachable, longer));
    assertThat(merging.encode(" xyz")).containsExactly(' ', 256, 'z');
  }

  @Test
  void splitsATextAtItsAddedTokens() throws TokenizerFormatException {
    Token user = new Token("<tool>", TokenType.USER_DEFINED);
    BpeTokenizer tokenizer = BpeTokenizer.of(Vocabularies.of(List.of(), true, EOT, user));
    TextPart eot = new TextPart.Added(256, "<|eot_id|>");
    TextPart tool = new TextPart.Added(257, "<tool>");
    assertThat(tokenizer.split("é<|eot_id|><tool>b", SpecialTokens.PARSE))
        .containsExactly(new TextPart.Plain("é"), eot, tool, new TextPart.Plain("b"));
    assertThat(tokenizer.split("<tool><|eot_id|>", SpecialTokens.AS_TEXT))
        .containsExactly(tool, new TextPart.Plain("<|eot_id|>"));
    assertThat(tokenizer.split("<tool><|eot_id|>", SpecialTokens.NONE))
        .containsExactly(new TextPart.Plain("<tool><|eot_id|>"));
    assertThat(tokenizer.split("", SpecialTokens.PARSE)).isEmpty();
    assertThat(tokenizer.encode("<tool>", SpecialTokens.AS_TEXT)).containsExactly(257);
    assertThat(tokenizer.encode("<tool>", SpecialTokens.NONE)).containsExactly(ascii("<tool>"));
  }

  @Test
  void specialTokensInTextAreTextUnlessAskedFor() throws TokenizerFormatException {
    BpeTokenizer tokenizer = BpeTokenizer.of(Vocabularies.of(List.of(), true, EOT));
    String text = "a<|eot_id|>b";
    assertThat(tokenizer.encode(text))
        .isEqualTo(ascii(text))
        .isEqualTo(tokenizer.encode(text, SpecialTokens.AS_TEXT));
    assertThat(tokenizer.encode(text, SpecialTokens.PARSE)).containsExactly('a', 256, 'b');
    assertThat(tokenizer.isSpecial(256)).isTrue();
    assertThat(tokenizer.isSpecial('a')).isFalse();
  }

  @Test
  void noMergeOrPreTokenMakesASpecialToken() throws TokenizerFormatException {
    List<String> tokens = Vocabularies.bytes();
    tokens.add("ab");
    tokens.add("xy");
    List<TokenType> types =
        IntStream.range(0, 258)
            .mapToObj(id -> id < 256 ? TokenType.NORMAL : TokenType.CONTROL)
            .toList();
    BpeTokenizer tokenizer =
        BpeTokenizer.of(new BpeVocabulary(tokens, types, List.of("a b"), true));
    assertThat(tokenizer.encode("ab xy")).isEqualTo(ascii("ab xy"));
    assertThat(tokenizer.encode("ab xy", SpecialTokens.PARSE)).containsExactly(256, ' ', 257);
  }

  @Test
  void addedTokensAreFoundLongestAndLeftmost() throws TokenizerFormatException {
    BpeTokenizer tokenizer =
        BpeTokenizer.of(
            Vocabularies.of(
                List.of(),
                true,
                new Token("<a>", TokenType.CONTROL), // 256
                new Token("<a><b>", TokenType.CONTROL), // 257
                new Token("><", TokenType.CONTROL), // 258
                new Token("é€", TokenType.USER_DEFINED))); // 259
    assertThat(tokenizer.encode("<a><b><a><c", SpecialTokens.PARSE))
        .containsExactly(257, 256, '<', 'c');
    assertThat(tokenizer.encode("<b><a>é€", SpecialTokens.PARSE))
        .containsExactly('<', 'b', 258, 'a', '>', 259);
    assertThat(tokenizer.encode("<a>é€")).containsExactly('<', 'a', '>', 259);
  }

  @Test
  void textOnBothSidesOfAnAddedTokenIsSplitByItself() throws TokenizerFormatException {
    BpeTokenizer tokenizer =
        BpeTokenizer.of(Vocabularies.of(List.of("Ġ Ġ"), true, EOT)); // 256: two spaces
    assertThat(tokenizer.encode("  <|eot_id|>x", SpecialTokens.PARSE))
        .containsExactly(256, 257, 'x');
    assertThat(tokenizer.encode("  x")).containsExactly(' ', ' ', 'x');
  }

  @Test
  void unpairedSurrogatesBecomeReplacementCharacters() {
    BpeTokenizer cria = Vocabularies.cria();
    assertThat(cria.decode(cria.encode("a\uD83Db\uDE00c😀\uD83D")))
        .isEqualTo("a\uFFFDb\uFFFDc😀\uFFFD");
    assertThat(cria.decode(cria.encode("\uD83D\uD83D\uDE00"))).isEqualTo("\uFFFD😀");
    assertThat(cria.decode(cria.encode("what? é \uDE00?? no?"))).isEqualTo("what? é \uFFFD?? no?");
    assertThat(cria.decode(cria.encode("what? is? this?"))).isEqualTo("what? is? this?");
  }

  @Test
  void tokensWithLettersOutsideTheAlphabetAreLiteralAndNeverProduced()
      throws TokenizerFormatException {
    BpeTokenizer tokenizer =
        BpeTokenizer.of(Vocabularies.of(List.of(), true, new Token("日本", TokenType.NORMAL)));
    assertThat(tokenizer.decode(new int[] {256})).isEqualTo("日本");
    assertThat(tokenizer.token(256)).isEqualTo("日本");
    assertThat(tokenizer.id("日本")).hasValue(256);
    assertThat(tokenizer.encode("日本")).hasSize(6).doesNotContain(256);
  }

  @Test
  void emptyUnusedAndByteTokens() throws TokenizerFormatException {
    List<String> tokens = Vocabularies.bytes();
    tokens.set('!', "<0x21>");
    tokens.addAll(List.of("", "[PAD257]", "abcdefghij", ""));
    List<TokenType> types =
        Stream.concat(
                IntStream.range(0, 256)
                    .mapToObj(id -> id == '!' ? TokenType.BYTE : TokenType.NORMAL),
                Stream.of(TokenType.NORMAL, TokenType.UNUSED, TokenType.UNUSED, TokenType.CONTROL))
            .toList();
    BpeTokenizer tokenizer = BpeTokenizer.of(new BpeVocabulary(tokens, types, List.of(), true));
    assertThat(tokenizer.encode("!abcdefghij[PAD257]", SpecialTokens.PARSE))
        .isEqualTo(ascii("!abcdefghij[PAD257]"));
    assertThat(tokenizer.token('!')).isEqualTo("<0x21>");
    assertThat(tokenizer.bytes('!')).containsExactly('!');
    assertThat(tokenizer.decode(new int[] {256, 257, 259, 'x'})).isEqualTo("[PAD257]x");
  }

  @Test
  void decodesPartsWithAndWithoutSpecialTokens() {
    BpeTokenizer cria = Vocabularies.cria();
    int[] ids = cria.encode("<|begin_of_text|>Hello<|eot_id|>", SpecialTokens.PARSE);
    assertThat(cria.decode(ids)).isEqualTo("<|begin_of_text|>Hello<|eot_id|>");
    assertThat(cria.decodeWithoutSpecial(ids, 0, ids.length)).isEqualTo("Hello");
    assertThat(cria.decode(ids, 1, ids.length - 1)).isEqualTo("Hello");
    assertThat(cria.decode(ids, 1, 1)).isEmpty();
    assertThatThrownBy(() -> cria.decode(ids, 0, ids.length + 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void refusesIdsOutsideTheVocabulary() {
    BpeTokenizer cria = Vocabularies.cria();
    assertThat(cria.vocabSize()).isEqualTo(2048);
    for (int id : new int[] {-1, 2048, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      for (Callable<?> call :
          List.<Callable<?>>of(
              () -> cria.decode(new int[] {id}),
              () -> cria.decodeWithoutSpecial(new int[] {id}, 0, 1),
              () -> cria.bytes(id),
              () -> cria.byteLength(id),
              () -> cria.token(id),
              () -> cria.type(id),
              () -> cria.isSpecial(id))) {
        assertThatThrownBy(call::call)
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("token id " + id + " is not in the vocabulary; expected 0 to 2047");
      }
    }
  }

  @Test
  void everyTokenIsFoundByItsName() {
    BpeTokenizer cria = Vocabularies.cria();
    for (int id = 0; id < cria.vocabSize(); id++) {
      assertThat(cria.id(cria.token(id))).hasValue(id);
    }
    assertThat(cria.id("no such token")).isEmpty();
    assertThat(cria.id("")).isEmpty();
    assertThat(cria.token(2032)).isEqualTo("<|begin_of_text|>");
    assertThat(cria.type(2032)).isEqualTo(TokenType.CONTROL);
  }

  @Test
  void appendsToABufferAndCounts() {
    BpeTokenizer cria = Vocabularies.cria();
    TokenBuffer out = new TokenBuffer();
    cria.encode("one ", SpecialTokens.AS_TEXT, out);
    int first = out.size();
    cria.encode("two", SpecialTokens.AS_TEXT, out);
    assertThat(first).isEqualTo(cria.countTokens("one "));
    assertThat(cria.decode(out.toArray())).isEqualTo("one two");
    assertThat(out.get(first)).isEqualTo(cria.encode("two")[0]);
    assertThatThrownBy(() -> out.get(out.size())).isInstanceOf(IndexOutOfBoundsException.class);
    out.clear();
    assertThat(out.toArray()).isEmpty();
  }

  @Test
  void agreesWithTheReferenceOnRandomVocabularies() throws TokenizerFormatException {
    Random random = new Random(42);
    for (int round = 0; round < 200; round++) {
      boolean ignoreMerges = random.nextBoolean();
      BpeVocabulary vocabulary =
          Vocabularies.of(Vocabularies.randomMerges(random, "abcd", 60), ignoreMerges);
      BpeTokenizer tokenizer = BpeTokenizer.of(vocabulary);
      ReferenceBpe reference = new ReferenceBpe(vocabulary);
      for (int i = 0; i < 50; i++) {
        // Up to 120 letters: short words, long words, and the words between.
        String word =
            random
                .ints(random.nextInt(i < 40 ? 30 : 120), 'a', 'e')
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
        assertThat(tokenizer.encode(word)).as(word).isEqualTo(reference.encode(word));
      }
    }
  }

  @Test
  void decodesWhatItEncoded() {
    BpeTokenizer cria = Vocabularies.cria();
    Random random = new Random(43);
    for (int round = 0; round < 3_000; round++) {
      String text = NastyText.of(random, 40);
      int[] ids = cria.encode(text);
      assertThat(cria.decode(ids)).isEqualTo(text);
      assertThat(Arrays.stream(ids)).noneMatch(cria::isSpecial);
    }
  }

  @Test
  void longWordsAreNotQuadratic() {
    BpeTokenizer cria = Vocabularies.cria();
    // At a million letters a quadratic merge would take hours; this takes a fraction of a second.
    for (String part : List.of("a", "abcdefghij", " ", "\n", "é", "=", "the")) {
      String word = part.repeat(1_000_000 / part.length());
      int[] ids = cria.encode(word);
      assertThat(cria.decode(ids)).isEqualTo(word);
    }
  }

  @Test
  void manyThreadsGetTheSameTokens() throws Exception {
    BpeTokenizer shared = Vocabularies.cria();
    BpeTokenizer alone = Vocabularies.cria();
    Random random = new Random(44);
    List<String> texts = Stream.generate(() -> NastyText.of(random, 40)).limit(300).toList();
    List<int[]> expected = texts.stream().map(alone::encode).toList();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Callable<Integer>> tasks =
          IntStream.range(0, 8)
              .<Callable<Integer>>mapToObj(task ->
                  () -> {
                    int checked = 0;
                    for (int i = 0; i < 10 * texts.size(); i++) {
                      int at = (i * 7 + task * 31) % texts.size();
                      assertThat(shared.encode(texts.get(at))).isEqualTo(expected.get(at));
                      checked++;
                    }
                    return checked;
                  })
              .toList();
      for (Future<Integer> done : threads.invokeAll(tasks)) {
        assertThat(done.get()).isEqualTo(10 * texts.size());
      }
    }
  }

  private static BpeTokenizer tokenizer(boolean ignoreMerges, List<String> merges)
      throws TokenizerFormatException {
    return BpeTokenizer.of(Vocabularies.of(merges, ignoreMerges));
  }

  private static int[] ascii(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    return IntStream.range(0, bytes.length).map(i -> bytes[i]).toArray();
  }
}
