package dev.chaski;

import dev.chaski.chat.ChatEncoder;
import dev.chaski.chat.ChatPrompt;
import dev.chaski.chat.ChatTemplateException;
import dev.chaski.chat.Message;
import dev.chaski.chat.Role;
import dev.chaski.generate.GenerationOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A conversation as the model reads it, cut to its context where the options say so.
 *
 * @param messages what is left of it
 * @param forgotten what had to go, oldest first
 * @param tokens the prompt
 * @param sharedLength how many tokens do not depend on what is said
 */
record FittedPrompt(
    List<Message> messages, List<Message> forgotten, int[] tokens, int sharedLength) {

  static FittedPrompt of(
      List<Message> asked, ChatOptions options, ChatEncoder encoder, int contextLength) {
    List<Message> kept = new ArrayList<>(asked);
    List<Message> forgotten = new ArrayList<>();
    int[] tokens = encode(kept, options, encoder);
    if (options.whenFull() == WhenFull.FORGET_OLDEST
        && tokens.length > contextLength - room(options.generation(), contextLength)) {
      while (tokens.length > contextLength / 2 && forgetTurn(kept, forgotten)) {
        tokens = encode(kept, options, encoder);
      }
    }
    return new FittedPrompt(
        List.copyOf(kept), List.copyOf(forgotten), tokens, shared(kept, tokens, options, encoder));
  }

  /** Positions that an answer should have. */
  private static int room(GenerationOptions generation, int contextLength) {
    int quarter = contextLength / 4;
    return generation.maxTokens() < 0 ? quarter : Math.min(generation.maxTokens(), quarter);
  }

  /**
   * Moves the oldest turn: all from the first message that is not the system's to the next of the
   * user. The last turn, which is to be answered, stays.
   */
  private static boolean forgetTurn(List<Message> kept, List<Message> forgotten) {
    int start = 0;
    while (start < kept.size() && kept.get(start).role() == Role.SYSTEM) {
      start++;
    }
    for (int end = start + 1; end < kept.size(); end++) {
      if (kept.get(end).role() == Role.USER) {
        List<Message> turn = kept.subList(start, end);
        forgotten.addAll(turn);
        turn.clear();
        return true;
      }
    }
    return false;
  }

  /** Found by comparing with other words of the user: templates put them where they like. */
  private static int shared(
      List<Message> kept, int[] tokens, ChatOptions options, ChatEncoder encoder) {
    List<Message> other = new ArrayList<>();
    for (Message message : kept) {
      if (message.role() != Role.SYSTEM) {
        break;
      }
      other.add(message);
    }
    if (other.isEmpty() && options.shownTools().isEmpty()) {
      return 0;
    }
    try {
      other.add(Message.user("?"));
      int mismatch = Arrays.mismatch(tokens, encode(other, options, encoder));
      return Math.clamp(mismatch, 0, tokens.length - 1);
    } catch (ChatTemplateException _) {
      return 0; // a template that wants more than one message
    }
  }

  private static int[] encode(List<Message> messages, ChatOptions options, ChatEncoder encoder) {
    return encoder.encode(new ChatPrompt(messages, options.shownTools(), true));
  }
}
