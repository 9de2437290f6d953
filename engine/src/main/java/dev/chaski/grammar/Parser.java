package dev.chaski.grammar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Follows a text through an automaton, byte by byte, along all ways at once. Each state is made
 * when it is first reached and kept: later a step is one look into a table. Not thread-safe.
 *
 * <p>The ways at one position are Earley's items ("An Efficient Context-Free Parsing Algorithm",
 * 1970) with open rules in place of positions. Since rules are ranked, all that wait for a rule are
 * known before it is entered.
 */
final class Parser {
  /** Places at one position; ambiguous grammars have many, hostile ones more. */
  private static final int MAX_ITEMS = 20_000;

  /** Items looked at until {@link #allowEffort}; ordinary grammars need a thousandth. */
  private static final long MAX_EFFORT = 30_000_000;

  /** What is kept, in items and open rules; then the table is begun anew. */
  private static final int MAX_KEPT = 200_000;

  private final Automaton automaton;
  private final OpenRule whole = new OpenRule(0, OpenRule.WHOLE, new int[0], new OpenRule[0]);
  private final ParserState dead = new ParserState(List.of(), false);
  private final ParserState start;

  private final Map<List<Item>, ParserState> afterByte = new HashMap<>();
  private final Map<List<Item>, ParserState> accepting = new HashMap<>();
  private final Map<List<Item>, ParserState> notAccepting = new HashMap<>();
  private final Map<OpenRule.Key, OpenRule> openRules = new HashMap<>();
  private long nextId = 1;
  private int kept;
  private long effort;

  Parser(Automaton automaton) {
    this.automaton = automaton;
    Set<Item> items = new HashSet<>();
    int root = automaton.starts()[automaton.root()];
    items.add(new Item(root, whole));
    this.start = close(items, automaton.rootMayBeEmpty());
  }

  Automaton automaton() {
    return automaton;
  }

  /** Before the first byte. */
  ParserState start() {
    return start;
  }

  /** Whether no text of the grammar goes this way. */
  boolean isDead(ParserState state) {
    return state == dead;
  }

  /** Where a byte leads. */
  ParserState next(ParserState state, byte value) {
    return nextByClass(state, automaton.byteClasses()[value & 0xFF]);
  }

  /** Where any byte of a class leads. */
  ParserState nextByClass(ParserState state, int byteClass) {
    ParserState[] row = state.next;
    if (row == null) {
      row = new ParserState[automaton.numByteClasses()];
      state.next = row;
    }
    ParserState next = row[byteClass];
    if (next == null) {
      tidy();
      next = step(state, byteClass);
      row[byteClass] = next;
    }
    return next;
  }

  /** Allows new effort: what is done until the next call may not exceed a limit. */
  void allowEffort() {
    effort = 0;
  }

  /** Forgets states if there are many; those in use stay valid. */
  private void tidy() {
    if (kept > MAX_KEPT) {
      forget(accepting);
      forget(notAccepting);
      forget(afterByte);
      openRules.clear();
      kept = 0;
    }
  }

  private static void forget(Map<List<Item>, ParserState> table) {
    for (ParserState state : table.values()) {
      state.next = null;
      state.steps = null;
      state.mask = null;
    }
    table.clear();
  }

  private ParserState step(ParserState state, int byteClass) {
    Set<Item> reached = new HashSet<>();
    for (Item item : state.items) {
      int[] edges = automaton.edges()[item.state()];
      effort += edges.length / 3;
      for (int i = 0; i < edges.length; i += 3) {
        if (edges[i] <= byteClass && byteClass <= edges[i + 1]) {
          reached.add(new Item(edges[i + 2], item.in()));
        }
      }
      checkSize(reached.size());
    }
    if (reached.isEmpty()) {
      return dead;
    }
    List<Item> sorted = sorted(reached);
    ParserState known = afterByte.get(sorted);
    if (known == null) {
      known = close(reached, false);
      keep(sorted.size());
      afterByte.put(sorted, known);
    }
    return known;
  }

  /** The state of some places and all that are reached from them without a byte. */
  private ParserState close(Set<Item> places, boolean maybeEmpty) {
    List<Item> items = new ArrayList<>(places);
    boolean accepts = maybeEmpty;
    for (int i = 0; i < items.size(); i++) { // which grows
      Item item = items.get(i);
      if (automaton.accepts()[item.state()]) {
        if (item.in().isWhole()) {
          accepts = true;
        }
        OpenRule done = item.in();
        for (int w = 0; w < done.waitingStates().length; w++) {
          Item back = new Item(done.waitingStates()[w], done.waitingIn()[w]);
          if (places.add(back)) {
            items.add(back);
          }
        }
        checkSize(items.size());
      }
    }
    NavigableMap<Integer, Set<Item>> waiting = new TreeMap<>(); // by rank
    for (Item item : items) {
      call(item, waiting);
    }
    while (!waiting.isEmpty()) {
      Map.Entry<Integer, Set<Item>> called = waiting.pollFirstEntry();
      OpenRule rule = open(called.getKey(), sorted(called.getValue()));
      Item first = new Item(automaton.starts()[called.getKey()], rule);
      items.add(first);
      checkSize(items.size());
      call(first, waiting);
    }
    items.removeIf(item -> automaton.edges()[item.state()].length == 0);
    items.sort(Item.ORDER);
    return intern(items, accepts);
  }

  /** Notes for each rule that a place calls who waits for it. */
  private void call(Item item, Map<Integer, Set<Item>> waiting) {
    int[] calls = automaton.calls()[item.state()];
    for (int i = 0; i < calls.length; i += 2) {
      Set<Item> waitingForIt = waiting.computeIfAbsent(calls[i], _ -> new HashSet<>());
      int next = calls[i + 1];
      OpenRule in = item.in();
      if (!in.isWhole() && automaton.onlyAccepts(next)) {
        // The last thing in its rule: whoever waits for that waits for this.
        for (int w = 0; w < in.waitingStates().length; w++) {
          waitingForIt.add(new Item(in.waitingStates()[w], in.waitingIn()[w]));
        }
      } else {
        waitingForIt.add(new Item(next, in));
      }
      checkSize(waitingForIt.size());
    }
  }

  private OpenRule open(int rank, List<Item> waiting) {
    int[] states = waiting.stream().mapToInt(Item::state).toArray();
    long[] ids = waiting.stream().mapToLong(item -> item.in().id()).toArray();
    return openRules.computeIfAbsent(
        new OpenRule.Key(rank, states, ids),
        _ -> {
          keep(states.length);
          OpenRule[] in = waiting.stream().map(Item::in).toArray(OpenRule[]::new);
          return new OpenRule(nextId++, rank, states, in);
        });
  }

  private ParserState intern(List<Item> items, boolean accepts) {
    Map<List<Item>, ParserState> table = accepts ? accepting : notAccepting;
    ParserState known = table.get(items);
    if (known == null) {
      known = new ParserState(List.copyOf(items), accepts);
      keep(items.size());
      table.put(known.items, known);
    }
    return known;
  }

  private void keep(int size) {
    kept += size + 1;
  }

  private void checkSize(int size) {
    if (size > MAX_ITEMS || ++effort > MAX_EFFORT) {
      throw new GrammarException(
          "the grammar is too ambiguous: there are too many ways to read a text; write it so that"
              + " fewer alternatives begin alike");
    }
  }

  private static List<Item> sorted(Set<Item> items) {
    Item[] sorted = items.toArray(Item[]::new);
    Arrays.sort(sorted, Item.ORDER);
    return List.of(sorted);
  }
}
