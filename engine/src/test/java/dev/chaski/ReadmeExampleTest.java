package dev.chaski;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The README's example is a program that runs. */
class ReadmeExampleTest {
  private static final String EXAMPLES = "engine/src/test/java/dev/chaski/ReadmeExamples.java";
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

  @ParameterizedTest
  @ValueSource(strings = {"tools", "structured", "streaming", "logprobs", "answers", "speculation"})
  void theExamplesArePrintedInTheReadme(String name) throws IOException {
    String readme = Files.readString(ProjectFiles.root().resolve("README.md"));
    String source = Files.readString(ProjectFiles.root().resolve(EXAMPLES));
    String example =
        between(source, "// README: begin " + name + "\n", "// README: end " + name)
            .stripTrailing()
            .indent(-2);
    assertThat(between(readme, "## Examples", "\n## "))
        .as("the section of README.md, with what %s has between its marks", EXAMPLES)
        .contains("```java\n" + example + "```\n");
  }

  @Test
  void theExamplesWork() throws IOException {
    try (Chaski chaski = Chaski.open(ProjectFiles.embeddedModel(), Options.defaults())) {
      assertThat(ReadmeExamples.weather(chaski)).contains("21").contains("Lima");
      assertThat(ReadmeExamples.person(chaski)).matches("\\{\\s*\"name\".*\"age\".*}");
      assertThat(printedBy(() -> ReadmeExamples.stream(chaski))).startsWith("1, 2, 3, 4, 5");
      assertThat(ReadmeExamples.surest(chaski)).matches("The: \\d+ %");
      assertThat(ReadmeExamples.ideas(chaski)).hasSize(3);
      assertThat(ReadmeExamples.sooner(chaski, ProjectFiles.embeddedModel()))
          .isEqualTo("The capital of France is Paris.");
    }
  }

  /** What an example does. */
  private interface Example {
    void run() throws IOException;
  }

  private static String printedBy(Example example) throws IOException {
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      System.setOut(out);
      example.run();
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8);
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
    String printed =
        printedBy(() -> ReadmeExample.main(new String[] {ProjectFiles.embeddedModel().toString()}));
    // The default sampling leaves no choice here: every other token is below min-p.
    assertThat(printed).isEqualToNormalizingNewlines("The capital of France is Paris.\n");
  }
}
