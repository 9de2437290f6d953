/**
 * Tools that a model may call: what it is told of them, and how its calls are found in the text of
 * an answer, in the forms of the Llama 3.1 families. Imports {@code format} only. Start reading at
 * {@link dev.chaski.chat.tool.ToolCallScanner}.
 */
package dev.chaski.chat.tool;
