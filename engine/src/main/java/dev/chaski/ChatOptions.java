package dev.chaski;

import dev.chaski.generate.GenerationOptions;
import java.util.Objects;

/**
 * How a conversation goes.
 *
 * @param system what the model is told before it; empty for nothing
 * @param generation how answers are generated
 */
public record ChatOptions(String system, GenerationOptions generation) {
  /** Both are there. */
  public ChatOptions {
    Objects.requireNonNull(system, "system");
    Objects.requireNonNull(generation, "generation");
  }

  /** No system message, default generation. */
  public static ChatOptions defaults() {
    return new ChatOptions("", GenerationOptions.defaults());
  }

  /** The same with another system message. */
  public ChatOptions withSystem(String newSystem) {
    return new ChatOptions(newSystem, generation);
  }

  /** The same with another way to generate. */
  public ChatOptions withGeneration(GenerationOptions newGeneration) {
    return new ChatOptions(system, newGeneration);
  }
}
