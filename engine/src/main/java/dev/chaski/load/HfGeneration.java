package dev.chaski.load;

import dev.chaski.format.JsonObject;
import dev.chaski.format.ModelFormatException;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Reads {@code generation_config.json}: how the author of a checkpoint samples from it. */
final class HfGeneration {
  private HfGeneration() {}

  static DefaultSampling read(JsonObject config) throws IOException {
    Optional<Float> temperature = findFloat(config, "temperature");
    if (!config.findBoolean("do_sample").orElse(true)) {
      temperature = Optional.of(0f);
    }
    try {
      return new DefaultSampling(
          temperature,
          topK(config.findInt("top_k")),
          findFloat(config, "top_p"),
          findFloat(config, "min_p"),
          findFloat(config, "repetition_penalty"));
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(
          config.path(), ModelFormatException.UNKNOWN_OFFSET, e.getMessage(), e);
    }
  }

  /** Some programs write -1 for all tokens. */
  private static Optional<Integer> topK(OptionalInt topK) {
    return topK.isPresent() ? Optional.of(Math.max(0, topK.getAsInt())) : Optional.empty();
  }

  private static Optional<Float> findFloat(JsonObject config, String key) throws IOException {
    OptionalDouble value = config.findDouble(key);
    return value.isPresent() ? Optional.of((float) value.getAsDouble()) : Optional.empty();
  }
}
