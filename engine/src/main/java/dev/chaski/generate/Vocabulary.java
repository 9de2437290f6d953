package dev.chaski.generate;

import dev.chaski.tokenizer.BpeTokenizer;
import dev.chaski.tokenizer.StreamDecoder;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/**
 * What the tokens of a model mean for its answers.
 *
 * @param tokenizer text to ids and back
 * @param stopTokens ids that end an answer
 * @param shownTokens ids of special tokens that texts show by their names
 * @param constraints made for the same tokenizer and stop tokens
 */
record Vocabulary(
    BpeTokenizer tokenizer,
    Set<Integer> stopTokens,
    Set<Integer> shownTokens,
    ResponseConstraints constraints) {
  Vocabulary {
    stopTokens = Set.copyOf(stopTokens);
    shownTokens = Set.copyOf(shownTokens);
  }

  boolean isStop(int token) {
    return stopTokens.contains(token);
  }

  /** Whether the tokenizer knows a token; models may have more, that mean nothing. */
  boolean isText(int token) {
    return token < tokenizer.vocabSize();
  }

  StreamDecoder newDecoder() {
    return StreamDecoder.withSpecial(tokenizer, shownTokens::contains);
  }

  Optional<GrammarConstraint> constraint(ResponseFormat format) {
    return constraints.newConstraint(format);
  }

  /**
   * Checks that every id stands for the same bytes in another vocabulary.
   *
   * @throws IllegalArgumentException if not
   */
  void requireSameTokens(BpeTokenizer other) {
    if (other.vocabSize() != tokenizer.vocabSize()) {
      throw new IllegalArgumentException(
          "the draft model has another vocabulary: %,d tokens, the model has %,d; use a smaller model of the same family"
              .formatted(other.vocabSize(), tokenizer.vocabSize()));
    }
    for (int id = 0; id < tokenizer.vocabSize(); id++) {
      if (!Arrays.equals(tokenizer.bytes(id), other.bytes(id))) {
        throw new IllegalArgumentException(
            "the draft model has another vocabulary: token %d is '%s', the model's is '%s'; use a smaller model of the same family"
                .formatted(id, other.token(id), tokenizer.token(id)));
      }
    }
  }
}
