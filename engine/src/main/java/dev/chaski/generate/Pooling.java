package dev.chaski.generate;

/** How the vectors of a text's tokens become one. */
public enum Pooling {
  /** Their mean. */
  MEAN,
  /** The last one: the only one that has seen the whole text. */
  LAST
}
