package dev.chaski;

import dev.chaski.chat.Message;
import java.util.List;

/**
 * What a session file keeps of a conversation.
 *
 * @param system the system message that {@code reset} starts with
 * @param messages what was said
 * @param toolCalls calls so far, for the ids of the next
 */
record SavedConversation(String system, List<Message> messages, int toolCalls) {
  SavedConversation {
    messages = List.copyOf(messages);
  }
}
