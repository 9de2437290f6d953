package dev.chaski.benchmarks.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Draws the file of results: {@code SpeedChart RESULTS.json CHART.svg}. A group of bars for each
 * test, a pair of bars for each model. The drawing has no background and knows dark mode.
 */
public final class SpeedChart {
  private static final int WIDTH = 760;
  private static final int MARGIN = 16;
  private static final int LABEL = 190; // where bars begin
  private static final int LONGEST_BAR = 400;
  private static final int RATIO = WIDTH - MARGIN; // where ratios end
  private static final int BAR = 13;
  private static final int ROW = 2 * BAR + 12;
  private static final int HEAD = 30;

  private static final String STYLE =
      """
      text { font: 13px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328; }
      .title { font-size: 17px; font-weight: 600; }
      .test { font-size: 14px; font-weight: 600; }
      .small { font-size: 11px; fill: #59636e; }
      .ratio { font-weight: 600; text-anchor: end; }
      .ours { fill: #c2410c; }
      .theirs { fill: #9ba5b1; }
      .line { stroke: #d1d9e0; }
      @media (prefers-color-scheme: dark) {
        text { fill: #f0f6fc; }
        .small { fill: #9198a1; }
        .ours { fill: #fb923c; }
        .theirs { fill: #656c76; }
        .line { stroke: #3d444d; }
      }
      """;

  private final List<SpeedRecord> rows;
  private final StringBuilder out = new StringBuilder();
  private int y;

  private SpeedChart(List<SpeedRecord> rows) {
    this.rows = rows;
  }

  /** See the class. */
  public static void main(String[] args) throws IOException {
    if (args.length != 2) {
      throw new IllegalArgumentException("expected: RESULTS.json CHART.svg");
    }
    List<SpeedRecord> rows = SpeedRecords.read(Path.of(args[0]));
    if (rows.isEmpty()) {
      throw new IllegalArgumentException(
          args[0] + " has no results; SideBySide --record " + args[0] + " adds some");
    }
    Files.writeString(Path.of(args[1]), svg(rows));
  }

  /** The drawing of rows, at least one. */
  static String svg(List<SpeedRecord> rows) {
    return new SpeedChart(rows).draw();
  }

  private String draw() {
    SpeedRecord last = rows.getLast();
    y = MARGIN + 16;
    text(MARGIN, "title", "Tokens per second: Chaski and llama.cpp");
    y += 24;
    legend(MARGIN, "ours", "Chaski");
    legend(MARGIN + 90, "theirs", last.peer());
    y += 14;
    Map<String, List<SpeedRecord>> tests = new LinkedHashMap<>();
    for (SpeedRecord row : rows) {
      tests.computeIfAbsent(row.test(), _ -> new ArrayList<>()).add(row);
    }
    tests.forEach(this::group);
    y += 22;
    text(
        MARGIN,
        "small",
        "Longer is faster. Ratios are medians of runs in turns, of " + last.date());
    y += 16;
    text(MARGIN, "small", last.machine());
    y += MARGIN;
    return """
    <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img">
    <title>Tokens per second: Chaski and llama.cpp</title>
    <style>
    %s</style>
    %s</svg>
    """
        .formatted(WIDTH, y, WIDTH, y, STYLE, out);
  }

  private void legend(int x, String style, String name) {
    rectangle(x, y - 10, 11, 11, style);
    text(x + 17, "", name);
  }

  private void group(String test, List<SpeedRecord> group) {
    y += HEAD;
    text(MARGIN, "test", title(test));
    y += 8;
    out.append(
        "<line class=\"line\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n"
            .formatted(MARGIN, y, WIDTH - MARGIN, y));
    y += 8;
    double longest =
        group.stream().mapToDouble(row -> Math.max(row.ours(), row.theirs())).max().orElseThrow();
    boolean sameThreads = rows.stream().mapToInt(SpeedRecord::threads).distinct().count() == 1;
    for (SpeedRecord row : group) {
      int top = y;
      bar(row.ours() / longest, row.ours(), "ours");
      y += BAR + 2;
      bar(row.theirs() / longest, row.theirs(), "theirs");
      y = top + BAR + 5;
      text(MARGIN, "", row.model() + (sameThreads ? "" : ", " + row.threads() + " threads"));
      text(RATIO, "ratio", String.format(Locale.ROOT, "%.2f ×", row.ratio()));
      y = top + ROW;
    }
  }

  /** {@code Prefill, pp512}. */
  private static String title(String test) {
    if (test.startsWith("tg")) {
      return "Decode, " + test;
    }
    return (test.contains("+") ? "Both, " : "Prefill, ") + test;
  }

  private void bar(double fraction, double value, String style) {
    int length = (int) Math.max(1, Math.round(fraction * LONGEST_BAR));
    rectangle(LABEL, y, length, BAR, style);
    y += 11;
    text(
        LABEL + length + 6,
        "small",
        String.format(Locale.ROOT, value < 100 ? "%.1f" : "%.0f", value));
    y -= 11;
  }

  private void rectangle(int x, int top, int width, int height, String style) {
    out.append(
        "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"2\"/>\n"
            .formatted(style, x, top, width, height));
  }

  private void text(int x, String style, String text) {
    out.append(
        "<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>\n".formatted(style, x, y, escaped(text)));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
