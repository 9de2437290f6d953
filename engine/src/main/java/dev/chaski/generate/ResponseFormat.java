package dev.chaski.generate;

import dev.chaski.grammar.Grammar;
import java.util.Objects;
import java.util.Optional;

/**
 * What an answer has to look like. Anything but {@link Text} is enforced token by token, so the
 * answer always has the format, unless it was cut (see {@link FinishReason}).
 *
 * <p>Tell the model about the format as well: what it would not have said by itself, it says badly.
 */
public sealed interface ResponseFormat {

  /** Any text. */
  record Text() implements ResponseFormat {}

  /** Any JSON object. */
  record JsonObject() implements ResponseFormat {}

  /**
   * A JSON text that is valid against a JSON Schema.
   *
   * @param schema as {@link Grammar#jsonSchema} reads it
   */
  record JsonSchema(String schema) implements ResponseFormat {
    /**
     * Checks the schema.
     *
     * @throws dev.chaski.grammar.GrammarException if it cannot be used
     */
    public JsonSchema {
      Grammar.jsonSchema(schema);
    }
  }

  /**
   * A text of a grammar.
   *
   * @param text in GBNF, as {@link Grammar#gbnf} reads it
   */
  record Gbnf(String text) implements ResponseFormat {
    /**
     * Checks the grammar.
     *
     * @throws dev.chaski.grammar.GrammarException if it cannot be used
     */
    public Gbnf {
      Grammar.gbnf(text);
    }
  }

  /**
   * A text of a grammar that was put together, such as a tool call: {@code
   * Grammar.sequence(Grammar.text("<tool_call>\n"), Grammar.jsonSchema(…),
   * Grammar.text("\n</tool_call>"))}.
   */
  record Custom(Grammar grammar) implements ResponseFormat {
    /** Checks that there is one. */
    public Custom {
      Objects.requireNonNull(grammar, "grammar");
    }
  }

  /** Any text. */
  static ResponseFormat text() {
    return new Text();
  }

  /** Any JSON object. */
  static ResponseFormat jsonObject() {
    return new JsonObject();
  }

  /**
   * A JSON text that is valid against a JSON Schema.
   *
   * @throws dev.chaski.grammar.GrammarException if it cannot be used
   */
  static ResponseFormat jsonSchema(String schema) {
    return new JsonSchema(schema);
  }

  /**
   * A text of a grammar in GBNF.
   *
   * @throws dev.chaski.grammar.GrammarException if it cannot be used
   */
  static ResponseFormat grammar(String gbnf) {
    return new Gbnf(gbnf);
  }

  /** A text of a grammar. */
  static ResponseFormat grammar(Grammar grammar) {
    return new Custom(grammar);
  }

  /** The grammar that answers are kept to; empty for any text. */
  default Optional<Grammar> toGrammar() {
    return switch (this) {
      case Text _ -> Optional.empty();
      case JsonObject _ -> Optional.of(Grammar.jsonObject());
      case JsonSchema(String schema) -> Optional.of(Grammar.jsonSchema(schema));
      case Gbnf(String text) -> Optional.of(Grammar.gbnf(text));
      case Custom(Grammar grammar) -> Optional.of(grammar);
    };
  }
}
