/**
 * Answers in Markdown on a terminal, while they are written: nothing that was printed is ever
 * printed again. Imports {@code cli.terminal}. Start reading at {@link
 * dev.chaski.cli.markdown.MarkdownPrinter}.
 */
package dev.chaski.cli.markdown;
