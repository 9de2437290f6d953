/**
 * Keeps generated text to a grammar: GBNF, any JSON, or a JSON Schema.
 *
 * <p>Imports nothing of ours: a vocabulary comes in as the bytes of its tokens, and what goes out
 * is a bitmap of tokens. Start reading at {@link dev.chaski.grammar.TokenGrammar}. The way of a
 * grammar:
 *
 * <ol>
 *   <li>{@code GbnfParser} and {@code JsonSchemaGrammar} make {@code Rule}s of {@code Expression}s
 *   <li>{@code AutomatonBuilder} makes them an {@code Automaton} on bytes, so that a token may end
 *       within a character
 *   <li>{@code Parser} follows a text through it along all ways at once, and remembers each state
 *   <li>{@code TokenGrammar} walks the {@link dev.chaski.grammar.TokenTrie} along with the parser
 *       to find the tokens that may come next, once for each state
 * </ol>
 *
 * <p>Grammars and schemas may be hostile: sizes are limited, left recursion is refused, and the
 * effort for a token is bounded.
 */
package dev.chaski.grammar;
