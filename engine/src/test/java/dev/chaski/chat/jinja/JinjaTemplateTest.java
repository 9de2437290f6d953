package dev.chaski.chat.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JinjaTemplateTest {
  @Test
  void takesTheValuesOfJavaThatJsonHas() {
    Map<String, Object> context = new HashMap<>();
    context.put("none", null);
    context.put("values", List.of(true, 1, 2L, 1.5, 2.5f, "s", Map.of("k", List.of())));
    context.put("big", new BigInteger("123456789012345678901234567890"));
    context.put("decimal", new BigDecimal("0.10"));
    context.put("text", new TemplateText("t"));

    assertThat(Goldens.render("{{ [none, values, big, decimal, text] }}", context))
        .isEqualTo(
            "[None, [True, 1, 2, 1.5, 2.5, 's', {'k': []}], 123456789012345678901234567890, 0.1,"
                + " 't']");
  }

  @Test
  void saysWhichValueItDoesNotKnow() {
    Map<String, Object> context = Map.of("messages", List.of("a", Map.of("at", Instant.EPOCH)));
    JinjaTemplate template = JinjaTemplate.parse("");

    assertThatThrownBy(() -> template.render(context))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "messages[1].at is a java.time.Instant, which templates do not know");
  }

  @Test
  void refusesValuesThatContainThemselves() {
    Map<String, Object> context = new HashMap<>();
    context.put("self", Collections.singletonList(context));
    JinjaTemplate template = JinjaTemplate.parse("");

    assertThatThrownBy(() -> template.render(context)).isInstanceOf(TemplateLimitException.class);
  }

  @Test
  void canBeRenderedAgainAndAgain() {
    JinjaTemplate template =
        JinjaTemplate.parse("{% set n = (n or 0) + 1 %}{{ n }}{% set g = 'a' %}");

    assertThat(template.render(Map.of())).isEqualTo("1");
    assertThat(template.render(Map.of())).isEqualTo("1");
    assertThat(template.render(Map.of("n", 4))).isEqualTo("5");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "%d %b %Y                | 26 Jul 2024",
        "%A, %B %d, %Y           | Friday, July 26, 2024",
        "%Y-%m-%dT%H:%M:%S       | 2024-07-26T09:05:03",
        "%a %e %-d %-m %y %j     | Fri 26 26 7 24 208",
        "%I:%M %p                | 09:05 AM",
        "%F %T %D %R             | 2024-07-26 09:05:03 07/26/24 09:05",
        "%c                      | Fri Jul 26 09:05:03 2024",
        "%H:%M %Z %z             | 09:05 CEST +0200",
        "%U %W %V %G %u %w       | 29 30 30 2024 5 5",
        "%f %s %C                | 000007 1721977503 20",
        "100%% %q %              | 100% %q %",
        "%-I %-H                 | 9 9",
      })
  void tellsTheTime(String format, String expected) {
    Clock clock =
        Clock.fixed(Instant.parse("2024-07-26T07:05:03.000007Z"), ZoneId.of("Europe/Zurich"));

    assertThat(
            JinjaTemplate.parse("{{ strftime_now(f) }}")
                .render(Map.of("f", format), RenderLimits.defaults(), clock))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '`',
      value = {
        "{{ 1 + }}                        => 1 => 8 => found '}}', expected an expression",
        "{{ a b }}                        => 1 => 6 => found 'b', expected '}}'",
        "{{ a | }}                        => 1 => 8 => found '}}', expected a name",
        "x^{% if a %}                     => 2 => 11 => expected '{% elif %}', '{% else %}', '{%"
            + " endif %}'",
        "x^^  {% foo %}                   => 3 => 6 => found the tag 'foo', expected if, for, set",
        "{% include 'x' %}                => 1 => 4 => the tag 'include' is not supported",
        "{{ 'abc }}                       => 1 => 4 => the string that begins here has no end",
        "a^{# b                           => 2 => 1 => the comment that begins here has no end",
        "{% raw %}                        => 1 => 1 => the raw block that begins here has no end",
        "a {{ b                           => 1 => 3 => has no end, expected '}}'",
        "{{ (a] }}                        => 1 => 6 => found ']' that closes nothing",
        "{{ a ? b }}                      => 1 => 6 => found the character '?'",
        "{% for x of y %}                 => 1 => 10 => found 'of', expected 'in'",
        "{% set none = 1 %}               => 1 => 8 => 'none' is a constant",
        "{% break %}                      => 1 => 4 => found 'break' outside of a loop",
        "{% for x in y %}{% endif %}      => 1 => 20 => found the tag 'endif'",
        "{{ '\\x4z' }}                    => 1 => 5 => expected 2 hexadecimal digits",
        "{{ '\\N{nothing}' }}             => 1 => 5 => no character of Unicode is named nothing",
        "{{ f(a=1, b) }}                  => 1 => 11 => found 'b', expected a keyword argument",
        "{% macro m(a=1, b) %}            => 1 => 18 => found ')', expected a default",
      })
  void saysWhereAndWhyItDoesNotParse(String source, int line, int column, String reason) {
    String template = source.replace('^', '\n').replace("\\\\", "\\");

    assertThatThrownBy(() -> JinjaTemplate.parse(template))
        .isInstanceOfSatisfying(
            TemplateSyntaxException.class,
            e -> {
              assertThat(e.reason()).contains(reason);
              assertThat(List.of(e.line(), e.column())).isEqualTo(List.of(line, column));
            })
        .hasMessageContaining("template line " + line + ", column " + column + ": ");
  }

  @Test
  void saysWhereRenderingFails() {
    JinjaTemplate template =
        JinjaTemplate.parse(
            "a\n{% if true %}\n  {{ x.y }}\n{% endif %}\n{% macro m() %}\n{% endmacro %}");

    assertThatThrownBy(() -> template.render(Map.of()))
        .isInstanceOfSatisfying(
            TemplateException.class,
            e -> {
              assertThat(e.line()).isEqualTo(3);
              assertThat(e.raisedByTemplate()).isFalse();
            })
        .hasMessage("template line 3: 'x' is undefined");
  }

  @Test
  void placesAFailureInsideAMacroThere() {
    JinjaTemplate template =
        JinjaTemplate.parse("{% macro m(a) %}\n{{ a + 1 }}\n{% endmacro %}\n\n{{ m('x') }}");

    assertThatThrownBy(() -> template.render(Map.of()))
        .hasMessage("template line 2: can only concatenate str (not \"int\") to str");
  }

  @Test
  void leavesTheTemplatesOwnMessageAlone() {
    JinjaTemplate template = JinjaTemplate.parse("\n{{ raise_exception('No ' ~ what) }}");

    assertThatThrownBy(() -> template.render(Map.of("what", "tools")))
        .isInstanceOfSatisfying(
            TemplateException.class,
            e -> {
              assertThat(e.raisedByTemplate()).isTrue();
              assertThat(e.line()).isEqualTo(2);
            })
        .hasMessage("No tools");
  }

  @Test
  void limitsMustBePositive() {
    assertThatThrownBy(() -> RenderLimits.defaults().withMaxDepth(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("maxDepth 0");
  }
}
