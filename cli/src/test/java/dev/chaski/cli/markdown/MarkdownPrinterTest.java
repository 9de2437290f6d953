package dev.chaski.cli.markdown;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MarkdownPrinterTest {
  private static final String ANSWER =
      """
      # Peru

      Peru is a **country** in *South America*; its capital is `Lima`, said __Ada__.
      ## What to see
      * Machu Picchu, a **very *old*** town
      - the ~~lake~~ Titicaca (2*3*4 boats, snake_case_name, \\*no emphasis\\*)
        1. by bus,
        2) or by train
      > as *they* say
      ```java
      int a = b * c; // **not bold**
          `x`
      ````
      ``a ` b`` and 日本語の文章、とても長い。 \uD83D\uDE00\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67
      | a | *b* |
      An *open mark
      and a `tick, **bold\t
      #hashtag 1984 was -5
      """;

  /** What a terminal would be sent, with the codes named. */
  private static String printed(int columns, String... pieces) {
    StringBuilder out = new StringBuilder();
    MarkdownPrinter printer = new MarkdownPrinter(out::append, () -> columns);
    for (String piece : pieces) {
      printer.accept(piece);
    }
    printer.finish();
    return out.toString();
  }

  private static String named(String printed) {
    return printed
        .replace("\u001b[0m", "</>")
        .replace("\u001b[1m", "<b>")
        .replace("\u001b[2m", "<dim>")
        .replace("\u001b[3m", "<i>")
        .replace("\u001b[1;3m", "<b i>")
        .replace("\u001b[1;4m", "<b u>")
        .replace("\u001b[36m", "<code>");
  }

  private static String text(String markdown) {
    return named(printed(0, markdown));
  }

  @Test
  void anAnswer() {
    assertThat(text(ANSWER))
        .isEqualTo(
            """
            <b u>Peru</>

            Peru is a <b>country</> in <i>South America</>; its capital is <code>Lima</>, said <b>Ada</>.
            <b u>What to see</>
            • Machu Picchu, a <b>very </><b i>old</> town
            • the ~~lake~~ Titicaca (2*3*4 boats, snake_case_name, *no emphasis*)
              1. by bus,
              2) or by train
            <dim>> </>as <i>they</> say
            <dim>```java</>
            <code>int a = b * c; // **not bold**</>
            <code>    `x`</>
            <dim>````</>
            <code>a ` b</> and 日本語の文章、とても長い。 \uD83D\uDE00\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67
            | a | *b* |
            An *open mark
            and a `tick, **bold
            #hashtag 1984 was -5
            """);
  }

  static Stream<String> texts() {
    return Stream.concat(ANSWER.lines(), Stream.of(ANSWER.substring(0, 300), "\u001b[31m", "***"));
  }

  /** However it comes, it looks the same. */
  @ParameterizedTest
  @MethodSource("texts")
  void everySplitInTwoAndThreeGivesTheSame(String markdown) {
    for (int columns : new int[] {0, 30}) {
      String whole = printed(columns, markdown);
      assertThat(printed(columns, markdown.split(""))).isEqualTo(whole);
      for (int i = 0; i <= markdown.length(); i++) {
        String first = markdown.substring(0, i);
        assertThat(printed(columns, first, markdown.substring(i))).isEqualTo(whole);
        int j = i + (markdown.length() - i) / 2;
        assertThat(printed(columns, first, markdown.substring(i, j), markdown.substring(j)))
            .isEqualTo(whole);
      }
    }
  }

  /** Whatever a model writes: the same in any pieces, and no letter is lost or taken back. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void anyTextKeepsItsLetters(long seed) {
    RandomGenerator random = new Random(seed);
    List<String> parts =
        List.of(
            "*",
            "**",
            "***",
            "_",
            "__",
            "`",
            "``",
            "```",
            "~~~",
            "\n",
            "\n\n",
            " ",
            "  ",
            "a",
            "b",
            "word",
            "# ",
            "- ",
            "1. ",
            "> ",
            "|",
            "\\",
            "\t",
            "日",
            "\uD83D\uDE00",
            "x\u0301",
            "averyveryverylongword");
    for (int round = 0; round < 300; round++) {
      StringBuilder markdown = new StringBuilder();
      int length = random.nextInt(60);
      for (int i = 0; i < length; i++) {
        markdown.append(parts.get(random.nextInt(parts.size())));
      }
      String whole = printed(24, markdown.toString());
      assertThat(printed(24, markdown.toString().split("")))
          .as("seed %d, round %d: %s", seed, round, markdown)
          .isEqualTo(whole);
      assertThat(letters(whole.replaceAll("\u001b\\[[0-9;]*m", "")))
          .as("seed %d, round %d: %s", seed, round, markdown)
          .isEqualTo(letters(markdown.toString()));
    }
  }

  private static String letters(String text) {
    return text.replaceAll("[^\\p{L}\\p{M}\\p{So}0-9.]", "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2 * 3 * 4",
        "a * b",
        "* ",
        "**",
        "****",
        "** **",
        "*",
        "`",
        "```",
        "``",
        "snake_case_name and _x",
        "**bold",
        "*it",
        "`code",
        "***x",
        "-5 + 3",
        "---",
        "***",
        "a #b",
        "#",
        "-",
        "12",
        "12.",
        "\\d \\",
        "5*3*2",
        "|a|*b*|",
        "[a](b_c_d)",
        "C:\\dir\\file",
        "a\\\\b"
      })
  void marksThatDoNotCloseComeOutAsTheyWere(String markdown) {
    String expected = markdown.equals("* ") ? "• " : markdown;
    assertThat(text(markdown).replaceAll("</?[a-z ]*>", "")).isEqualTo(expected + "\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "**a**|<b>a</>",
        "**a b** c|<b>a b</> c",
        "*a*|<i>a</>",
        "_a b_.|<i>a b</>.",
        "***a***|<b i>a</>",
        "**a *b***|<b>a </><b i>b</>",
        "**a *b c**|<b>a *b c</>",
        "*a **b** c*|<i>a </><b i>b</><i> c</>",
        "**日本**語|<b>日本</>語",
        "**a `b** c` d**|<b>a </>` d**",
        "`a*b*c`|<code>a*b*c</>",
        "`` ` ``|<code>`</>",
        "### a *b*|<b>a </><b i>b</>",
        "####### a|####### a",
        "1. **a**: b|1. <b>a</>: b",
        "*a `b* c|<i>a `b</> c",
        "+ a|• a",
      })
  void spans(String markdown, String expected) {
    if (markdown.equals("**a `b** c` d**")) { // the code, which is no end of the bold
      assertThat(printed(0, markdown)).contains("\u001b[1;36mb** c");
    } else {
      assertThat(text(markdown)).isEqualTo(expected + "\n");
    }
  }

  @Test
  void textIsHeldBackNoLongerThanItMustBe() {
    StringBuilder out = new StringBuilder();
    MarkdownPrinter printer = new MarkdownPrinter(out::append, () -> 80);
    printer.accept("An answer ");
    assertThat(out).asString().isEqualTo("An answer");
    printer.accept("with *open ");
    assertThat(out).asString().isEqualTo("An answer with");
    printer.accept("words ".repeat(50));
    assertThat(out).asString().startsWith("An answer with *open words words");
    assertThat(out.length()).isGreaterThan(250);
  }

  @Test
  void anUnclosedFenceEndsWithTheAnswer() {
    StringBuilder out = new StringBuilder();
    MarkdownPrinter printer = new MarkdownPrinter(out::append, () -> 80);
    printer.accept("```\nx = 1");
    assertThat(printer.isLineOpen()).isTrue();
    printer.finish();
    assertThat(printer.isLineOpen()).isFalse();
    printer.accept("**b**\n");
    printer.finish();
    assertThat(named(out.toString())).isEqualTo("<dim>```</>\n<code>x = 1</>\n<b>b</>\n");
  }

  @Test
  void nothingSteersTheTerminal() {
    assertThat(text("a\u001b[2Jb\u009b1Ac\rd\u0007")).isEqualTo("a\\u001b[2Jb\\u009b1Acd\\u0007\n");
    assertThat(text("```\n\u001bc\n```")).contains("<code>\\u001bc</>");
  }
}
