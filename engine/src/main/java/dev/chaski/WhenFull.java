package dev.chaski;

/** What happens when a conversation no longer fits its context. */
public enum WhenFull {
  /** The turn is refused with an {@link IllegalArgumentException}; the conversation stays. */
  FAIL,
  /**
   * The oldest turns are forgotten, as many as it takes to free half of the context; the system
   * message and the last turn stay. What is left has to be computed again, which is why it is not
   * done for every turn anew. {@link ChatListener#onForgotten} tells.
   */
  FORGET_OLDEST
}
