package dev.chaski.benchmarks.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.chaski.Options;
import dev.chaski.benchmarks.ModelShape;
import dev.chaski.benchmarks.RandomModel;
import dev.chaski.kernels.TensorType;
import dev.chaski.measure.SpeedTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class SideBySideTest {
  private static final SpeedTest TEST = new SpeedTest(0, 10, 0);

  @TempDir private Path folder;

  /** An engine that takes as long as it is told to, and writes down when it runs. */
  private record Scripted(String name, Iterator<Integer> millis, List<String> calls)
      implements Engine {
    @Override
    public Duration run(SpeedTest test) {
      calls.add(name);
      return Duration.ofMillis(millis.next());
    }

    @Override
    public void close() {}
  }

  @Test
  void runsInTurnsAndTakesTheMedianOfTheRatios() throws IOException, InterruptedException {
    List<String> calls = new ArrayList<>();
    Engine ours = new Scripted("a", List.of(9, 10, 20, 10).iterator(), calls);
    Engine theirs = new Scripted("b", List.of(9, 20, 10, 30).iterator(), calls);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PairedResult result =
        new SideBySide(new PrintStream(out, true, StandardCharsets.UTF_8), 3, Duration.ZERO)
            .compare(ours, theirs, TEST);

    assertThat(String.join("", calls)).as("warm-up, then pairs").isEqualTo("ababbaab");
    assertThat(result.ratios()).containsExactly(2, 0.5, 3);
    assertThat(result.medianRatio()).isEqualTo(2);
    assertThat(result.lowestRatio()).isEqualTo(0.5);
    assertThat(result.highestRatio()).isEqualTo(3);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("tg10 pair 2: 500.00 and 1000.00 t/s, ratio 0.500", "median ratio 2.000");
  }

  @Test
  void weAreAnEngineToo() throws IOException {
    Path file = folder.resolve("tiny.gguf");
    RandomModel.write(ModelShape.TINY, TensorType.Q8_0, file);
    try (ChaskiEngine engine = new ChaskiEngine(file, Options.defaults())) {
      assertThat(engine.model()).isEqualTo("1.77 M Q8_0");
      assertThat(engine.run(TEST)).isPositive();
      assertThat(engine.run(new SpeedTest(5, 0, 3))).isPositive();
    }
  }

  @Test
  void aFolderWithoutLlamaCppIsNamed() {
    assertThatThrownBy(() ->
            new LlamaCppEngine(new LlamaCppEngine.Setup("node", folder, folder, 1, 64, 64, false)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("npm install node-llama-cpp");
  }

  @Test
  void resultsAreKeptAndTheLatestCounts() throws IOException {
    Path file = folder.resolve("results.json");
    SpeedRecords.add(file, row("1.24 B Q8_0", "tg128", 10));
    SpeedRecords.add(file, row("1.24 B \"Q4_0\"", "tg128", 20));
    SpeedRecords.add(file, row("1.24 B Q8_0", "tg128", 11));

    assertThat(SpeedRecords.read(file))
        .containsExactly(row("1.24 B Q8_0", "tg128", 11), row("1.24 B \"Q4_0\"", "tg128", 20));
    assertThat(row("m", "tg128", 11).markdown())
        .isEqualTo("| m | tg128 | 2 | 11.00 | 10.00 | 1.10 (0.90 to 1.30, 5 pairs) |\n");
  }

  @Test
  void theChartIsWellFormedAndItsBarsAreInProportion() throws Exception {
    String svg =
        SpeedChart.svg(
            List.of(row("1.24 B Q8_0", "tg128", 20), row("1.24 B <Q4_0> & co", "pp512", 5)));

    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(svg)));
    NodeList bars = document.getElementsByTagName("rect");
    assertThat(bars.getLength()).as("legend, and two pairs").isEqualTo(6);
    assertThat(width(bars, 3)).isCloseTo(width(bars, 2) / 2, within(1.0));
    assertThat(width(bars, 4)).isCloseTo(width(bars, 5) / 2, within(1.0));
    assertThat(document.getDocumentElement().getTextContent())
        .contains("Decode, tg128", "Prefill, pp512", "1.24 B <Q4_0> & co", "2.00 ×", "0.50 ×");
  }

  private static double width(NodeList bars, int index) {
    return Double.parseDouble(((Element) bars.item(index)).getAttribute("width"));
  }

  @Test
  void argumentsAreChecked() {
    assertThatThrownBy(() -> SideBySide.main(new String[] {"--modle", "x"}))
        .hasMessageContaining("there is no option '--modle'");
    assertThatThrownBy(() -> SideBySide.main(new String[] {"-p"}))
        .hasMessageContaining("-p needs a value");
    assertThatThrownBy(() -> SideBySide.main(new String[] {"--llama", "x"}))
        .hasMessageContaining("--model is missing");
    assertThatThrownBy(() -> SideBySide.main(new String[] {"--model", "x", "-p", "many"}))
        .hasMessageContaining("-p is 'many', not a number");
  }

  private static SpeedRecord row(String model, String test, double ours) {
    return new SpeedRecord(
        model, test, 2, 5, ours, 10, ours / 10, 0.9, 1.3, "llama.cpp", "a machine", "2026-01-01");
  }
}
