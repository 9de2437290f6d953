package dev.chaski.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StopScannerTest {
  /** What came out of a scanner. */
  private record Outcome(String text, boolean stopped) {}

  @Test
  void textWithoutAStopStringComesThrough() {
    assertThat(scan(List.of("END"), "no e", "nd", " here"))
        .isEqualTo(new Outcome("no end here", false));
    assertThat(scan(List.of(), "anything")).isEqualTo(new Outcome("anything", false));
  }

  @Test
  void aStopStringEndsTheTextWhereverItIsCut() {
    List<String> stops = List.of("\n\nUser:", "END");
    String text = "An answer.\n\nUser: more";
    for (int first = 0; first <= text.length(); first++) {
      for (int second = first; second <= text.length(); second++) {
        assertThat(
                scan(
                    stops,
                    text.substring(0, first),
                    text.substring(first, second),
                    text.substring(second)))
            .isEqualTo(new Outcome("An answer.", true));
      }
    }
  }

  @Test
  void onlyWhatMayBecomeAStopStringIsHeldBack() {
    StopScanner scanner = new StopScanner(List.of("END"));
    assertThat(scanner.accept("xE")).isEqualTo("x");
    assertThat(scanner.accept("N")).isEmpty();
    assertThat(scanner.accept("E")).isEqualTo("EN");
    assertThat(scanner.accept("x")).isEqualTo("Ex");
    assertThat(scanner.accept("EN")).isEmpty();
    assertThat(scanner.isStopped()).isFalse();
    assertThat(scanner.finish()).isEqualTo("EN");
  }

  @Test
  void afterAStopStringNothingComes() {
    StopScanner scanner = new StopScanner(List.of("END"));
    assertThat(scanner.accept("a END b")).isEqualTo("a ");
    assertThat(scanner.isStopped()).isTrue();
    assertThat(scanner.accept("c")).isEmpty();
    assertThat(scanner.finish()).isEmpty();
  }

  @Test
  void theFirstToBeCompleteCounts() {
    assertThat(scan(List.of("abcd", "bc"), "xabcd")).isEqualTo(new Outcome("xa", true));
    assertThat(scan(List.of("c", "abc"), "xabc")).isEqualTo(new Outcome("x", true));
  }

  /** Short strings of two letters overlap in every way there is. */
  @Test
  void agreesWithTheDefinitionHoweverTheTextIsCut() {
    Random random = new Random(42);
    int stopped = 0;
    for (int round = 0; round < 20_000; round++) {
      List<String> stops = new ArrayList<>();
      for (int i = random.nextInt(1, 4); i > 0; i--) {
        stops.add(letters(random, random.nextInt(1, 6)));
      }
      String text = letters(random, random.nextInt(20));
      Outcome expected = definition(stops, text);
      Outcome actual = scan(stops, pieces(random, text));
      assertThat(actual).as("%s in %s", stops, text).isEqualTo(expected);
      stopped += expected.stopped() ? 1 : 0;
    }
    assertThat(stopped).as("rounds with a stop string").isBetween(5_000, 19_000);
  }

  private static String letters(Random random, int length) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < length; i++) {
      out.append(random.nextBoolean() ? 'a' : 'b');
    }
    return out.toString();
  }

  private static String[] pieces(Random random, String text) {
    List<String> pieces = new ArrayList<>();
    int from = 0;
    while (from < text.length()) {
      int to = Math.min(text.length(), from + random.nextInt(5));
      pieces.add(text.substring(from, to));
      from = to;
    }
    return pieces.toArray(String[]::new);
  }

  /** The shortest beginning of the text that ends in a stop string, without the longest such. */
  private static Outcome definition(List<String> stops, String text) {
    for (int end = 1; end <= text.length(); end++) {
      String beginning = text.substring(0, end);
      int longest =
          stops.stream().filter(beginning::endsWith).mapToInt(String::length).max().orElse(0);
      if (longest > 0) {
        return new Outcome(beginning.substring(0, end - longest), true);
      }
    }
    return new Outcome(text, false);
  }

  private static Outcome scan(List<String> stops, String... pieces) {
    StopScanner scanner = new StopScanner(stops);
    StringBuilder out = new StringBuilder();
    for (String piece : pieces) {
      out.append(scanner.accept(piece));
    }
    out.append(scanner.finish());
    return new Outcome(out.toString(), scanner.isStopped());
  }
}
