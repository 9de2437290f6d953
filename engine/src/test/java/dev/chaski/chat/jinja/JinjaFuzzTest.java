package dev.chaski.chat.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Broken templates end in our exceptions or in text, and quickly, whatever is broken in them. */
class JinjaFuzzTest {
  private static final int TEMPLATES = 4000;

  private static final RenderLimits TIGHT = new RenderLimits(20_000, 500_000, 100_000, 1000, 200);

  private static final List<String> FRAGMENTS =
      List.of(
          "{{",
          "}}",
          "{%",
          "%}",
          "{#",
          "#}",
          "{%-",
          "-%}",
          "{{-",
          "+%}",
          "(",
          ")",
          "[",
          "]",
          "{",
          "}",
          "'",
          "\"",
          "\\",
          "|",
          ".",
          ",",
          ":",
          "~",
          "+",
          "-",
          "*",
          "**",
          "/",
          "//",
          "%",
          "==",
          "<",
          "=",
          "not ",
          " in ",
          " is ",
          " and ",
          " or ",
          " if ",
          " else ",
          "0",
          "1",
          "-1",
          "1e308",
          "99999999999999999999",
          "nope",
          "none",
          "true",
          "xs",
          "s",
          "d",
          "loop",
          "caller()",
          "[::-1]",
          "[-1:]",
          "|tojson",
          "|map('upper')",
          "|list",
          "|join",
          "|sort",
          "|first",
          "|indent",
          "|items",
          "|unique",
          ".items()",
          ".split()",
          ".format(1)",
          "{% endfor %}",
          "{% endif %}",
          "{% endmacro %}",
          "{% else %}",
          "{% break %}",
          "{% set x = ",
          "{% for x in ",
          "{% macro m(a) %}",
          "{{ m(",
          "{% if ",
          "\n",
          " ",
          "\0",
          "\uD83C",
          "é",
          "\u2028",
          " * 10 ** 9 ",
          "range(",
          "namespace(",
          "ns.x");

  private static final List<Map<String, Object>> ROWS = Goldens.resourceRows("goldens.jsonl");
  private static final Map<String, Object> CONTEXT = Goldens.context(ROWS.getFirst());

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void mutatedTemplatesFailCleanly(long seed) {
    Random random = new Random(seed);
    List<String> sources = new ArrayList<>();
    ROWS.stream().skip(1).forEach(row -> sources.add(row.get("template").toString()));
    int rendered = 0;
    for (int i = 0; i < TEMPLATES; i++) {
      String template = mutated(sources, random);
      try {
        List<Piece> pieces =
            JinjaTemplate.parse(template).renderPieces(CONTEXT, TIGHT, Goldens.CLOCK);
        assertThat(pieces).noneMatch(piece -> piece.text().isEmpty());
        rendered++;
      } catch (JinjaException e) {
        assertThat(e.getMessage()).isNotNull();
      } catch (RuntimeException | StackOverflowError e) {
        fail("seed " + seed + ", template " + i + ": " + template, e);
      }
    }
    assertThat(rendered).as("templates that still render").isGreaterThan(TEMPLATES / 20);
  }

  private static String mutated(List<String> sources, RandomGenerator random) {
    StringBuilder template = new StringBuilder(any(sources, random));
    if (random.nextBoolean()) {
      template.append(any(sources, random));
    }
    int mutations = 1 + random.nextInt(4);
    for (int i = 0; i < mutations; i++) {
      int at = random.nextInt(template.length() + 1);
      int end = Math.min(template.length(), at + 1 + random.nextInt(6));
      switch (random.nextInt(4)) {
        case 0 -> template.delete(at, end);
        case 1 -> template.insert(at, any(FRAGMENTS, random));
        case 2 -> template.replace(at, end, any(FRAGMENTS, random));
        default -> template.insert(at, template.substring(at, end));
      }
    }
    return template.toString();
  }

  private static String any(List<String> choices, RandomGenerator random) {
    return choices.get(random.nextInt(choices.size()));
  }
}
