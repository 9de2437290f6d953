package dev.chaski.kernels.tornado.program;

import java.util.ArrayList;
import java.util.List;

/**
 * One kernel with everything it needs. What makes it another kernel to compile is apart from what
 * may differ from one run to the next: {@link #parameters}, {@link #lists} and {@link #groups}.
 */
public final class Launch {
  /**
   * Integers of any number, whose place in the segment's buffer becomes a parameter.
   *
   * @param parameter which one
   * @param values the integers
   */
  public record IntList(int parameter, int[] values) {}

  private final Operation operation;
  private final int variant;
  private final float constant;
  private final Object[] arrays;
  private final int local;
  private final int[] parameters = new int[Parameters.COUNT];
  private final List<IntList> lists = new ArrayList<>();
  private int groups = 1;

  /**
   * A launch of one group.
   *
   * @param variant a constant of the compiled kernel, 0 if it has none
   * @param constant another one
   * @param local work-items of a group
   * @param arrays what the operation takes
   */
  public Launch(Operation operation, int variant, float constant, int local, Object... arrays) {
    this.operation = operation;
    this.variant = variant;
    this.constant = constant;
    this.local = local;
    this.arrays = arrays;
  }

  /** Sets a parameter. */
  public Launch set(int parameter, int value) {
    parameters[parameter] = value;
    return this;
  }

  /** Sets a parameter to the place of a list. */
  public Launch list(int parameter, int[] values) {
    lists.add(new IntList(parameter, values));
    return this;
  }

  /** Sets how many groups run. */
  public Launch groups(int count) {
    groups = count;
    return this;
  }

  /** Sets how many work-items there must be at least. */
  public Launch items(int count) {
    groups = Math.ceilDiv(count, local);
    return this;
  }

  /** The kernel. */
  public Operation operation() {
    return operation;
  }

  int variant() {
    return variant;
  }

  float constant() {
    return constant;
  }

  Object[] arrays() {
    return arrays;
  }

  int local() {
    return local;
  }

  int[] parameters() {
    return parameters;
  }

  List<IntList> lists() {
    return lists;
  }

  int groups() {
    return groups;
  }

  /** Integers of all lists. */
  int listed() {
    int count = 0;
    for (IntList list : lists) {
      count += list.values().length;
    }
    return count;
  }
}
