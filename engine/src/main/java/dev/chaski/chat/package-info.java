/**
 * Conversations: messages, and how a model wants them written. Imports the tokenizer only. Start
 * reading at {@link dev.chaski.chat.ChatTemplate}.
 */
package dev.chaski.chat;
