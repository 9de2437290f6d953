/**
 * The loop of {@code chaski chat}: where lines come from, the commands that start with a slash, and
 * the conversation. Imports the engine, JLine, {@code cli.terminal}, {@code cli.markdown} and
 * {@code cli.tool}. Start reading at {@link dev.chaski.cli.chat.ChatLoop}.
 */
package dev.chaski.cli.chat;
