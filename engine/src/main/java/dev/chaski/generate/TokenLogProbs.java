package dev.chaski.generate;

import dev.chaski.sample.TokenLogProb;
import java.util.List;

/**
 * How likely the model held a token of an answer, and what it held likelier or nearly as likely.
 *
 * <p>Natural logarithms of the softmax of the model's raw logits, as OpenAI's API and llama.cpp's
 * server give them: before temperature, penalties, biases, filters and response formats. So the
 * chosen token need not be among the likeliest, and a token that could not be chosen may be.
 *
 * @param chosen the token of the answer
 * @param top the likeliest tokens, as many as were asked for, likeliest first
 */
public record TokenLogProbs(TokenLogProb chosen, List<TokenLogProb> top) {
  /** Copies the list. */
  public TokenLogProbs {
    top = List.copyOf(top);
  }
}
