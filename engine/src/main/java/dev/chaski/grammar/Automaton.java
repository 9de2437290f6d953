package dev.chaski.grammar;

/**
 * A grammar as bytes: for each rule a nondeterministic automaton whose edges are bytes or calls of
 * other rules. Immutable.
 *
 * <p>Bytes that no edge tells apart form a <i>byte class</i>. Rules are ranked so that one which
 * another may begin with has the higher rank, which is possible as none begins with itself. A rule
 * that matches the empty text is entered only for its other texts; who calls it also has the edges
 * of going on without.
 *
 * @param edges of each state: triples (first byte class, last byte class, target)
 * @param calls of each state: pairs (rank of the rule, state to return to)
 * @param accepts whether the rule of a state may end there
 * @param starts state in which each rule begins, by rank
 * @param root rank of the root
 * @param rootMayBeEmpty whether the empty text belongs to the grammar
 * @param byteClasses class of each byte: (256)
 * @param numByteClasses how many there are
 */
record Automaton(
    int[][] edges,
    int[][] calls,
    boolean[] accepts,
    int[] starts,
    int root,
    boolean rootMayBeEmpty,
    int[] byteClasses,
    int numByteClasses) {

  /** Whether a rule can do nothing but end in this state. */
  boolean onlyAccepts(int state) {
    return accepts[state] && edges[state].length == 0 && calls[state].length == 0;
  }
}
