package dev.chaski.benchmarks;

import java.util.Locale;

/** The sizes of the models people run. Source: the published configs of Llama 3.1 and 3.2. */
public enum ModelShape {
  /** For trying things: two million parameters. */
  TINY(256, 768, 2, 8, 2, 32, 1024, true),
  LLAMA_1B(2048, 8192, 16, 32, 8, 64, 128_256, true),
  LLAMA_3B(3072, 8192, 28, 24, 8, 128, 128_256, true),
  LLAMA_8B(4096, 14_336, 32, 32, 8, 128, 128_256, false),
  LLAMA_70B(8192, 28_672, 80, 64, 8, 128, 128_256, false),
  LLAMA_405B(16_384, 53_248, 126, 128, 8, 128, 128_256, false);

  final int hiddenSize;
  final int intermediateSize;
  final int numLayers;
  final int numHeads;
  final int numKvHeads;
  final int headDim;
  final int vocabSize;
  final boolean tied;

  ModelShape(
      int hiddenSize,
      int intermediateSize,
      int numLayers,
      int numHeads,
      int numKvHeads,
      int headDim,
      int vocabSize,
      boolean tied) {
    this.hiddenSize = hiddenSize;
    this.intermediateSize = intermediateSize;
    this.numLayers = numLayers;
    this.numHeads = numHeads;
    this.numKvHeads = numKvHeads;
    this.headDim = headDim;
    this.vocabSize = vocabSize;
    this.tied = tied;
  }

  /** The shape people call {@code 1B}, {@code 8b}, {@code tiny}. */
  static ModelShape named(String name) {
    for (ModelShape shape : values()) {
      if (shape.name().replace("LLAMA_", "").equals(name.toUpperCase(Locale.ROOT))) {
        return shape;
      }
    }
    throw new IllegalArgumentException(
        "no shape called '" + name + "'; there are tiny, 1b, 3b, 8b, 70b and 405b");
  }
}
