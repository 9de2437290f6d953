package dev.chaski;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** The README's example is a program that runs. */
class ReadmeExampleTest {
  private static final String SOURCE = "engine/src/test/java/dev/chaski/ReadmeExample.java";

  @Test
  void isPrintedInTheReadme() throws IOException {
    String readme = Files.readString(ProjectFiles.root().resolve("README.md"));
    String source = Files.readString(ProjectFiles.root().resolve(SOURCE));
    String example = between(source, "// README: begin\n", "  // README: end").indent(-2);
    assertThat(between(readme, "```java\n", "```"))
        .as("the ```java block of README.md, which %s has between its marks", SOURCE)
        .isEqualTo(example);
  }

  private static String between(String text, String begin, String end) {
    int from = text.indexOf(begin);
    assertThat(from).as("position of '%s'", begin).isNotNegative();
    int to = text.indexOf(end, from + begin.length());
    assertThat(to).as("position of '%s' after '%s'", end, begin).isNotNegative();
    return text.substring(from + begin.length(), to);
  }

  @Test
  void answers() throws IOException {
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      System.setOut(out);
      ReadmeExample.main(new String[] {ProjectFiles.embeddedModel().toString()});
    } finally {
      System.setOut(before);
    }
    // The default sampling leaves no choice here: every other token is below min-p.
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .isEqualToNormalizingNewlines("The capital of France is Paris.\n");
  }
}
