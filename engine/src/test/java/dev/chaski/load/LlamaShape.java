package dev.chaski.load;

import dev.chaski.kernels.TensorType;

/**
 * The shape of a {@link LlamaGguf}.
 *
 * @param name says what is special about it
 * @param tied whether the output is the embedding
 * @param rope how its positions are scaled
 * @param type of the matrices
 */
public record LlamaShape(
    String name,
    int hidden,
    int intermediate,
    int layers,
    int heads,
    int kvHeads,
    int headDim,
    int vocab,
    boolean tied,
    Rope rope,
    TensorType type) {

  /** The ways of scaling positions that a GGUF file can ask for. */
  public enum Rope {
    NONE,
    LINEAR,
    FACTORS,
    LLAMA3
  }

  /** An unremarkable one. */
  public static LlamaShape plain() {
    return new LlamaShape(
        "plain", 32, 48, 1, 4, 2, 8, TinyVocabulary.SIZE, true, Rope.NONE, TensorType.F32);
  }

  @Override
  public String toString() {
    return name;
  }
}
