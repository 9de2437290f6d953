package dev.chaski.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.Chaski;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** The README's example is one that compiles and answers. */
class ReadmeAssistantTest {
  private static final String SOURCE =
      "engine/langchain4j/src/test/java/dev/chaski/langchain4j/ReadmeAssistant.java";

  @Test
  void isPrintedInTheReadme() throws IOException {
    String source = Files.readString(Cria.projectRoot().resolve(SOURCE));
    String begin = "// README: begin langchain4j\n";
    String example =
        source
            .substring(
                source.indexOf(begin) + begin.length(),
                source.indexOf("  // README: end langchain4j"))
            .indent(-2);
    assertThat(Files.readString(Cria.projectRoot().resolve("README.md")))
        .as("README.md, with what %s has between its marks", SOURCE)
        .contains("```java\n" + example + "```\n");
  }

  @Test
  void answers() throws IOException {
    try (Chaski chaski = Cria.open()) {
      assertThat(ReadmeAssistant.ask(chaski, "What is the weather in Toronto?"))
          .contains("21", "Toronto");
    }
  }
}
