package dev.chaski.chat;

import dev.chaski.load.TinyVocabulary;
import dev.chaski.tokenizer.BpeTokenizer;
import dev.chaski.tokenizer.BpeVocabulary;
import dev.chaski.tokenizer.TokenType;
import dev.chaski.tokenizer.TokenizerFormatException;
import java.util.ArrayList;
import java.util.List;

/** Vocabularies of the 256 bytes, the pair "Hi", and added tokens. */
final class Vocabularies {
  private Vocabularies() {}

  static BpeTokenizer control(String... added) throws TokenizerFormatException {
    return with(TokenType.CONTROL, List.of(added));
  }

  static BpeTokenizer with(TokenType type, List<String> added) throws TokenizerFormatException {
    List<String> tokens = new ArrayList<>(TinyVocabulary.tokens().subList(0, 256));
    tokens.add("Hi");
    List<TokenType> types = new ArrayList<>();
    tokens.forEach(_ -> types.add(TokenType.NORMAL));
    for (String spelling : added) {
      tokens.add(spelling);
      types.add(type);
    }
    return BpeTokenizer.of(new BpeVocabulary(tokens, types, List.of("H i"), true));
  }
}
