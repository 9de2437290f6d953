package dev.chaski.measure;

/**
 * What is timed: first a prompt, then single tokens, both after a context that is not timed.
 *
 * @param promptTokens tokens of the prompt, computed in batches
 * @param generatedTokens tokens after it, computed one by one
 * @param depth tokens that the context holds before
 */
public record SpeedTest(int promptTokens, int generatedTokens, int depth) {
  /** Checks the numbers. */
  public SpeedTest {
    if (promptTokens < 0 || generatedTokens < 0 || depth < 0) {
      throw new IllegalArgumentException(
          "a test has 0 tokens or more of each kind, not %d of prompt, %d generated, %d of depth"
              .formatted(promptTokens, generatedTokens, depth));
    }
    if (promptTokens == 0 && generatedTokens == 0) {
      throw new IllegalArgumentException(
          "a test of no tokens measures nothing; give it a prompt or something to generate");
    }
    Math.addExact(Math.addExact(promptTokens, generatedTokens), depth);
  }

  /** Tokens that are timed. */
  public int tokens() {
    return promptTokens + generatedTokens;
  }

  /** Positions of the context at the end. */
  public int positions() {
    return depth + tokens();
  }

  /** As llama-bench calls it: {@code pp512}, {@code tg128}, {@code pp512+tg128 @ d1024}. */
  public String name() {
    String name =
        generatedTokens == 0
            ? "pp" + promptTokens
            : (promptTokens == 0 ? "tg" : "pp" + promptTokens + "+tg") + generatedTokens;
    return depth == 0 ? name : name + " @ d" + depth;
  }
}
