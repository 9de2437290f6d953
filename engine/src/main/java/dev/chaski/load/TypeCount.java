package dev.chaski.load;

/**
 * How much of a model is stored as one type.
 *
 * @param tensors number of tensors
 * @param values number of weights
 * @param bytes bytes they take in the file
 */
public record TypeCount(int tensors, long values, long bytes) {
  TypeCount plus(TypeCount other) {
    return new TypeCount(tensors + other.tensors, values + other.values, bytes + other.bytes);
  }
}
