package dev.chaski.generate;

/** Why a generation ended. */
public enum FinishReason {
  /** The model ended its answer, or the response format leaves nothing to add. */
  STOP_TOKEN,
  /** One of the caller's stop strings came up. */
  STOP_STRING,
  /** The caller's limit was reached. */
  MAX_TOKENS,
  /** There is no position left in the context. */
  CONTEXT_FULL,
  /** The caller cancelled it. */
  CANCELLED
}
