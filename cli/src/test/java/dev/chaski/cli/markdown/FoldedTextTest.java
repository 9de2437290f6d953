package dev.chaski.cli.markdown;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines end between words. */
class FoldedTextTest {
  private static String printed(int columns, String markdown) {
    StringBuilder out = new StringBuilder();
    MarkdownPrinter printer = new MarkdownPrinter(out::append, () -> columns);
    printer.accept(markdown);
    printer.finish();
    return out.toString();
  }

  @Test
  void wordsStayWhole() {
    assertThat(printed(20, "The capital of Peru is Lima, a city of ten million."))
        .isEqualTo("The capital of Peru\nis Lima, a city of\nten million.\n");
    assertThat(printed(20, "exactly twenty chars and more"))
        .as("the last column is used")
        .isEqualTo("exactly twenty chars\nand more\n");
  }

  @Test
  void itemsAreFoldedBehindTheirMark() {
    assertThat(printed(20, "- one two three four five\n- six"))
        .isEqualTo("• one two three four\n  five\n• six\n");
    assertThat(printed(20, "10. one two three four")).isEqualTo("10. one two three\n    four\n");
    assertThat(printed(20, "  - one two three four")).isEqualTo("  • one two three\n    four\n");
    assertThat(printed(20, "            - deep items of a list"))
        .as("no more than half of the line is left empty")
        .isEqualTo("            • deep\n          items of a\n          list\n");
  }

  @Test
  void aWordThatFitsNoLineIsLeftToTheTerminal() {
    String address = "https://example.org/a/very/long/path";
    assertThat(printed(20, "See " + address + " for more"))
        .isEqualTo("See\n" + address + " for\nmore\n"); // 36 columns: 16 on the second line
  }

  @Test
  void linesOfIdeographsEndAnywhereButBeforeClosingMarks() {
    assertThat(printed(20, "日本語日本語日本語日本語日本語")).isEqualTo("日本語日本語日本語日\n本語日本語\n");
    assertThat(printed(20, "日本語日本語日本語日。本語")).isEqualTo("日本語日本語日本語\n日。本語\n");
    assertThat(printed(20, "a日本語日本語日本語日本"))
        .as("a wide character does not fit the last column")
        .isEqualTo("a日本語日本語日本語\n日本\n");
  }

  @Test
  void codeAndTablesAreNotFolded() {
    String code = "x = 'a line of code that is longer than that'";
    assertThat(printed(20, "```\n" + code + "\n```")).contains(code);
    assertThat(printed(20, "| a | table | that | is | wide |"))
        .isEqualTo("| a | table | that | is | wide |\n");
  }

  @Test
  void styleEndsWithTheLine() {
    assertThat(printed(20, "**one two three four five**"))
        .isEqualTo("\u001b[1mone two three four\u001b[0m\n\u001b[1mfive\u001b[0m\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5, 19})
  void unknownAndTinyWidthsAreNotFolded(int columns) {
    String line = "The capital of Peru is Lima, a city of ten million.";
    assertThat(printed(columns, line)).isEqualTo(line + "\n");
  }

  @Test
  void theWidthMayChange() {
    AtomicInteger columns = new AtomicInteger(80);
    StringBuilder out = new StringBuilder();
    MarkdownPrinter printer = new MarkdownPrinter(out::append, columns::get);
    printer.accept("one two three four five ");
    columns.set(30);
    printer.accept("six seven eight");
    printer.finish();
    assertThat(out).asString().isEqualTo("one two three four five six\nseven eight\n");
  }

  @Test
  void columns() {
    assertThat(TextWidth.of("abc")).isEqualTo(3);
    assertThat(TextWidth.of("日本")).isEqualTo(4);
    assertThat(TextWidth.of("한글")).isEqualTo(4);
    assertThat(TextWidth.of("e\u0301")).isEqualTo(1);
    assertThat(TextWidth.of("\uD83D\uDE00")).isEqualTo(2);
    assertThat(TextWidth.of("\u2764\uFE0F")).isEqualTo(2);
    assertThat(TextWidth.of("ｆｕｌｌ")).isEqualTo(8);
    assertThat(TextWidth.of("\u2192é•—")).isEqualTo(4);
  }
}
