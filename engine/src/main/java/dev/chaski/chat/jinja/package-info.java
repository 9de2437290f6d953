/**
 * The Jinja that chat templates are written in: a small, strict, sandboxed interpreter of the
 * Jinja2 subset found in checkpoints, with the settings of Hugging Face transformers ({@code
 * trim_blocks} and {@code lstrip_blocks} on, loop controls, {@code generation} blocks, immutable
 * values, {@code tojson} without HTML escaping).
 *
 * <p>A template comes out of a model file, so it is hostile input: it sees only {@link
 * dev.chaski.chat.jinja.Value}s, never a Java object; it cannot change what it was given; and each
 * rendering is bounded in steps, characters, output and depth ({@link
 * dev.chaski.chat.jinja.RenderLimits}). Whatever it does ends in text or in a {@link
 * dev.chaski.chat.jinja.JinjaException}.
 *
 * <p>Every character of the result knows whether the template wrote it or the conversation did
 * ({@link dev.chaski.chat.jinja.Piece}): only the template may write special tokens.
 *
 * <p>On purpose different from Jinja2: templates that load others ({@code extends}, {@code
 * include}, {@code import}, {@code block}) are refused; a filter or test that does not exist fails
 * when it is used, not when the template is parsed; the filters for web pages ({@code urlize},
 * {@code xmlattr}, {@code striptags}, ...), {@code groupby}, {@code pprint} and {@code random} are
 * not there. Everything else is tested against Jinja2 itself ({@code make-goldens.py} beside the
 * tests).
 *
 * <p>May import the JDK only. Start reading at {@link dev.chaski.chat.jinja.JinjaTemplate}; then
 * the way of a template: {@code Lexer}, {@code Parser} and {@code ExpressionParser} make {@code
 * Statement}s and {@code Expression}s, which {@code Interpreter} and {@code Evaluator} walk.
 */
package dev.chaski.chat.jinja;
