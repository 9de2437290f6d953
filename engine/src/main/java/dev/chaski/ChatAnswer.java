package dev.chaski;

import dev.chaski.chat.tool.ToolCall;
import dev.chaski.generate.FinishReason;
import dev.chaski.generate.Generation;
import dev.chaski.generate.GenerationStatistics;
import dev.chaski.generate.TokenLogProbs;
import java.util.List;

/**
 * One answer of a conversation.
 *
 * @param text what the model said, without tool calls
 * @param toolCalls what it wants to have called, in its order; send the results to go on
 * @param generation how the answer came about, with its text as the model wrote it
 */
public record ChatAnswer(String text, List<ToolCall> toolCalls, Generation generation) {
  /** Copies the list. */
  public ChatAnswer {
    toolCalls = List.copyOf(toolCalls);
  }

  /** The ids of the answer, the stop token included. */
  public List<Integer> tokens() {
    return generation.tokens();
  }

  /** How likely each of them was, if that was asked for; empty otherwise. */
  public List<TokenLogProbs> logProbs() {
    return generation.logProbs();
  }

  /** Why it ended. */
  public FinishReason finishReason() {
    return generation.finishReason();
  }

  /** What it took. */
  public GenerationStatistics statistics() {
    return generation.statistics();
  }
}
