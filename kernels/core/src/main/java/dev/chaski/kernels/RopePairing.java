package dev.chaski.kernels;

/** Which two values of a head rotate together. */
public enum RopePairing {
  /** (0, 1), (2, 3), …: GGUF files of Llama models, and Meta's own code. */
  INTERLEAVED,
  /** (0, d/2), (1, d/2 + 1), …: Hugging Face checkpoints. */
  HALF_SPLIT
}
