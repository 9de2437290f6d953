package dev.chaski.generate;

import dev.chaski.grammar.Grammar;
import dev.chaski.grammar.TokenGrammar;
import dev.chaski.grammar.TokenTrie;
import dev.chaski.tokenizer.BpeTokenizer;
import dev.chaski.tokenizer.TokenType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes response formats ready for the vocabulary of a model, and keeps those used last: what one
 * answer has found out about a format serves the next. Safe to share between threads.
 */
public final class ResponseConstraints {
  private static final int MAX_KEPT = 8;

  private final BpeTokenizer tokenizer;
  private final Set<Integer> endTokens;
  private final Map<ResponseFormat, TokenGrammar> kept = new LinkedHashMap<>(16, 0.75f, true);
  private TokenTrie trie; // made when it is first needed

  /**
   * For a vocabulary. Takes no time before a format is asked for.
   *
   * @param stopTokens ids that end an answer
   */
  public ResponseConstraints(BpeTokenizer tokenizer, Set<Integer> stopTokens) {
    this.tokenizer = tokenizer;
    this.endTokens =
        stopTokens.stream()
            .filter(token -> token < tokenizer.vocabSize())
            .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * The constraint for one answer; empty if any text will do.
   *
   * @throws dev.chaski.grammar.GrammarException if the grammar cannot be used
   */
  synchronized Optional<GrammarConstraint> newConstraint(ResponseFormat format) {
    TokenGrammar ready = kept.get(format);
    if (ready == null) {
      Optional<Grammar> grammar = format.toGrammar();
      if (grammar.isEmpty()) {
        return Optional.empty();
      }
      if (trie == null) {
        trie = TokenTrie.of(tokenizer.vocabSize(), this::text);
      }
      ready = TokenGrammar.of(grammar.get(), trie, endTokens);
      kept.put(format, ready);
      if (kept.size() > MAX_KEPT) {
        kept.remove(kept.keySet().iterator().next());
      }
    }
    return Optional.of(new GrammarConstraint(ready.matcher()));
  }

  /** What a token adds to the answer; null if nothing, so that it never counts as text. */
  private byte[] text(int token) {
    boolean isText =
        !tokenizer.isSpecial(token)
            && tokenizer.type(token) != TokenType.UNUSED
            && !endTokens.contains(token);
    return isText ? tokenizer.bytes(token) : null;
  }
}
