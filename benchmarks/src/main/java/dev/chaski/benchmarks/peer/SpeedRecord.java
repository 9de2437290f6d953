package dev.chaski.benchmarks.peer;

import dev.chaski.format.JsonObject;
import dev.chaski.format.ModelFormatException;
import java.util.Locale;

/**
 * A line of the results: a test on a model, by us and by them.
 *
 * @param model its size and type
 * @param test as {@link dev.chaski.measure.SpeedTest#name}
 * @param pairs runs of each
 * @param ours our median speed in tokens per second
 * @param theirs theirs
 * @param ratio median of the pairs' ratios
 * @param lowest lowest of them
 * @param highest highest of them
 * @param peer who they are
 * @param machine processor, operating system and JDK
 * @param date the day, in UTC
 */
record SpeedRecord(
    String model,
    String test,
    int threads,
    int pairs,
    double ours,
    double theirs,
    double ratio,
    double lowest,
    double highest,
    String peer,
    String machine,
    String date) {
  static final String MARKDOWN_HEAD =
      """
      | model | test | threads | Chaski t/s | llama.cpp t/s | ratio, median of pairs (lowest to highest) |
      |---|---|--:|--:|--:|---|
      """;

  static SpeedRecord from(JsonObject json) throws ModelFormatException {
    return new SpeedRecord(
        json.getString("model"),
        json.getString("test"),
        json.getInt("threads"),
        json.getInt("pairs"),
        json.getDouble("ours"),
        json.getDouble("theirs"),
        json.getDouble("ratio"),
        json.getDouble("lowest"),
        json.getDouble("highest"),
        json.getString("peer"),
        json.getString("machine"),
        json.getString("date"));
  }

  String json() {
    return new JsonText()
        .put("model", model)
        .put("test", test)
        .put("threads", threads)
        .put("pairs", pairs)
        .put("ours", ours)
        .put("theirs", theirs)
        .put("ratio", ratio)
        .put("lowest", lowest)
        .put("highest", highest)
        .put("peer", peer)
        .put("machine", machine)
        .put("date", date)
        .toString();
  }

  String markdown() {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %d | %.2f | %.2f | %.2f (%.2f to %.2f, %d pairs) |%n",
        model,
        test,
        threads,
        ours,
        theirs,
        ratio,
        lowest,
        highest,
        pairs);
  }

  /** Whether another measured the same: then the later one counts. */
  boolean isOfTheSame(SpeedRecord other) {
    return model.equals(other.model) && test.equals(other.test) && threads == other.threads;
  }
}
