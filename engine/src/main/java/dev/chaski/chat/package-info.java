/**
 * Conversations: messages, and how a model wants them written. Imports the tokenizer, {@code
 * format} and its own two sub-packages: {@code jinja}, the template interpreter, and {@code tool},
 * tools and their calls. Start reading at {@link dev.chaski.chat.ChatEncoder}.
 */
package dev.chaski.chat;
