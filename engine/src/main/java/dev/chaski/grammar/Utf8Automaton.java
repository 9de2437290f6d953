package dev.chaski.grammar;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Recognises the UTF-8 bytes of one character of a set; deterministic. State 0 is the start.
 *
 * <p>A range of code points is cut until each part is spelled by one range per byte (as in Ken
 * Thompson's and Russ Cox's matchers: "Regular Expression Matching in the Wild", 2010).
 */
final class Utf8Automaton {
  static final int DEAD = -1;

  /** The character is complete. */
  static final int COMPLETE = -2;

  private static final int[] LAST_OF_LENGTH = {0x7F, 0x7FF, 0xFFFF, Character.MAX_CODE_POINT};

  /** Bytes {@code first} to {@code last} lead from a state to {@code target}. */
  record Edge(int first, int last, int target) {}

  private record ByteRange(int first, int last) {}

  private final List<List<Edge>> edges = new ArrayList<>();
  private final Map<List<List<ByteRange>>, Integer> known = new HashMap<>();

  /** For a set that is not empty. */
  Utf8Automaton(CodePoints set) {
    List<List<ByteRange>> spellings = new ArrayList<>();
    for (CodePoints.Range range : set.ranges()) {
      split(range.first(), range.last(), spellings);
    }
    state(spellings);
    known.clear();
  }

  int numStates() {
    return edges.size();
  }

  /** The ways on from a state, by ascending bytes. */
  List<Edge> edges(int state) {
    return edges.get(state);
  }

  /** Where a byte leads: a state, {@link #COMPLETE} or {@link #DEAD}. */
  int next(int state, int value) {
    for (Edge edge : edges.get(state)) {
      if (edge.first <= value && value <= edge.last) {
        return edge.target;
      }
    }
    return DEAD;
  }

  private static void split(int first, int last, List<List<ByteRange>> out) {
    for (int limit : LAST_OF_LENGTH) {
      if (first <= limit && limit < last) {
        split(first, limit, out);
        split(limit + 1, last, out);
        return;
      }
    }
    if (last > 0x7F) {
      // All continuation bytes behind the first that differs must have their full range.
      for (int bits = 6; bits <= 18; bits += 6) {
        int low = (1 << bits) - 1;
        if ((first & ~low) != (last & ~low)) {
          if ((first & low) != 0) {
            split(first, first | low, out);
            split((first | low) + 1, last, out);
            return;
          }
          if ((last & low) != low) {
            split(first, (last & ~low) - 1, out);
            split(last & ~low, last, out);
            return;
          }
        }
      }
    }
    byte[] from = utf8(first);
    byte[] to = utf8(last);
    List<ByteRange> spelling = new ArrayList<>();
    for (int i = 0; i < from.length; i++) {
      spelling.add(new ByteRange(from[i] & 0xFF, to[i] & 0xFF));
    }
    out.add(spelling);
  }

  private static byte[] utf8(int codePoint) {
    return Character.toString(codePoint).getBytes(StandardCharsets.UTF_8);
  }

  private int state(List<List<ByteRange>> spellings) {
    Integer same = known.get(spellings);
    if (same != null) {
      return same;
    }
    int state = edges.size();
    known.put(spellings, state);
    List<Edge> ways = new ArrayList<>();
    edges.add(ways);
    // First bytes are the same range, or apart: each spelling is its own encoding length and
    // prefix.
    int i = 0;
    while (i < spellings.size()) {
      ByteRange lead = spellings.get(i).getFirst();
      List<List<ByteRange>> rest = new ArrayList<>();
      int j = i;
      while (j < spellings.size() && spellings.get(j).getFirst().equals(lead)) {
        List<ByteRange> spelling = spellings.get(j++);
        if (spelling.size() > 1) {
          rest.add(spelling.subList(1, spelling.size()));
        }
      }
      int target = rest.isEmpty() ? COMPLETE : state(rest);
      ways.add(new Edge(lead.first, lead.last, target));
      i = j;
    }
    return state;
  }
}
