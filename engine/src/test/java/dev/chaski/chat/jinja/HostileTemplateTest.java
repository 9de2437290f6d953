package dev.chaski.chat.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.chaski.chat.jinja.TemplateLimitException.Limit;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A template may try to run forever, to fill the memory or the stack, or to look around. */
class HostileTemplateTest {
  /**
   * Far above what the limits allow on a busy machine, far below what an endless template takes.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final String NESTED =
      "{% set ns = namespace(x=VALUE) %}"
          + "{% for i in range(COUNT) %}{% set ns.x = STEP %}{% endfor %}";

  private static String nested(String value, int count, String step, String use) {
    return NESTED
            .replace("VALUE", value)
            .replace("COUNT", Integer.toString(count))
            .replace("STEP", step)
        + use;
  }

  static Stream<Arguments> greedy() {
    return Stream.of(
        // Time.
        greedy(Limit.RANGE, "{% for i in range(1000000000) %}x{% endfor %}"),
        greedy(Limit.RANGE, "{{ range(-9223372036854775807, 9223372036854775807)|length }}"),
        greedy(
            Limit.STEPS,
            "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}"),
        greedy(
            Limit.STEPS,
            "{% for i in range(99999) %}{% for j in range(99999) if 0 %}{% endfor %}{% endfor %}"),
        greedy(Limit.STEPS, "{% for i in range(99999) %}{{ range(99999)|sum }}{% endfor %}"),
        greedy(Limit.STEPS, "{% for i in range(99999) %}{{ -1 in range(99999) }}{% endfor %}"),
        greedy(Limit.STEPS, "{% for i in range(99999) %}{{ range(99999)[::2] }}{% endfor %}"),
        greedy(Limit.STEPS, "{{ [0] * 1000000000 }}"),
        greedy(Limit.STEPS, "{{ [0]|batch(1000000000, 1)|list }}"),
        greedy(Limit.STEPS, "{{ [0]|slice(1000000000)|list }}"),
        greedy(Limit.STEPS, nested("[1]", 60, "ns.x + ns.x", "{{ ns.x }}")),
        greedy(Limit.STEPS, nested("[]", 60, "[ns.x, ns.x]", "{{ ns.x }}")),
        greedy(Limit.STEPS, nested("[]", 60, "[ns.x, ns.x]", "{{ ns.x|tojson }}")),
        greedy(Limit.CHARACTERS, nested("()", 60, "(ns.x, ns.x)", "{{ {ns.x: 1} }}")),
        greedy(Limit.STEPS, nested("()", 60, "(ns.x, ns.x)", "{{ {}[ns.x] }}")),
        greedy(
            Limit.STEPS,
            nested("[]", 60, "[ns.x, ns.x]", "{% set a = ns.x %}")
                + nested("[]", 60, "[ns.x, ns.x]", "{{ a == ns.x }}{{ a < ns.x }}")),
        greedy(
            Limit.CHARACTERS,
            "{% set a = 'a' * 1000000 %}{% set b = 'a' * 1000 ~ 'b' %}"
                + "{% for i in range(99999) %}{{ b in a }}{{ a.rfind(b) }}{% endfor %}"),
        greedy(
            Limit.CHARACTERS,
            "{% set a = 'a' * 1000000 %}{% for i in range(99999) %}{{ a|wordcount }}{% endfor %}"),
        greedy(
            Limit.CHARACTERS,
            "{% set a = '\uD83C\uDF24' * 1000000 %}"
                + "{% for i in range(99999) %}{{ a[-1] }}{% endfor %}"),
        greedy(
            Limit.CHARACTERS,
            "{% set a = 'a' * 1000000 %}{% set b = a ~ '' %}"
                + "{% for i in range(99999) %}{{ a == b }}{{ {a: 1}[b] }}{% endfor %}"),
        // Memory.
        greedy(Limit.CHARACTERS, "{{ 'x' * 1000000000 }}"),
        greedy(Limit.CHARACTERS, "{{ 'x' * 10 ** 30 }}"),
        greedy(Limit.CHARACTERS, nested("'x'", 60, "ns.x ~ ns.x", "{{ ns.x }}")),
        greedy(Limit.CHARACTERS, "{% set a = 'x' * 99999 %}{{ a|replace('', a) }}"),
        greedy(Limit.CHARACTERS, "{% set a = 'x' * 99999 %}{{ a|join(a) }}"),
        greedy(Limit.CHARACTERS, "{{ 'x'|center(2000000000) }}"),
        greedy(Limit.CHARACTERS, "{{ 'x'.ljust(2000000000) }}"),
        greedy(Limit.CHARACTERS, "{{ 'x'.zfill(9223372036854775807) }}"),
        greedy(Limit.CHARACTERS, "{{ '%2000000000s' % 1 }}"),
        greedy(Limit.CHARACTERS, "{{ '%02000000000d' % 1 }}"),
        greedy(Limit.CHARACTERS, "{{ '{:2000000000}'.format(1) }}"),
        greedy(Limit.CHARACTERS, "{{ '{:^2000000000}'.format('x') }}"),
        greedy(Limit.CHARACTERS, "{{ 'a\nb'|indent(2000000000) }}"),
        greedy(Limit.CHARACTERS, "{{ [1]|tojson(indent=2000000000) }}"),
        greedy(Limit.CHARACTERS, "{{ ('%c' * 9999999)|length }}{{ strftime_now('%c' * 9999999) }}"),
        greedy(
            Limit.OUTPUT, "{% set a = 'x' * 1000 %}{% for i in range(99999) %}{{ a }}{% endfor %}"),
        greedy(
            Limit.CHARACTERS,
            "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% else %}"
                + "{{ 'x' * 10000 }}{% endif %}{% endmacro %}{% set a = m(14) %}"),
        greedy(Limit.INTEGER, "{{ 10 ** (10 ** 10) }}"),
        greedy(Limit.INTEGER, "{{ 2 ** 1000000000 }}"),
        greedy(Limit.INTEGER, nested("7", 60, "ns.x * ns.x", "{{ ns.x }}")),
        // The stack.
        greedy(Limit.DEPTH, "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}"),
        greedy(
            Limit.DEPTH,
            "{% macro m() %}{% call m() %}{% endcall %}{{ caller() }}{% endmacro %}"
                + "{% call m() %}{% endcall %}"),
        greedy(Limit.DEPTH, "{% macro m() %}{% set x = m() %}{% endmacro %}{% set x = m() %}"),
        greedy(Limit.DEPTH, "{% macro m(a=m()) %}{% endmacro %}{{ m() }}"),
        greedy(Limit.DEPTH, "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}"),
        greedy(Limit.DEPTH, nested("[]", 50000, "[ns.x]", "{{ ns.x }}")),
        greedy(Limit.DEPTH, nested("[]", 50000, "[ns.x]", "{{ ns.x|tojson }}")),
        greedy(Limit.DEPTH, nested("[]", 50000, "{'a': ns.x}", "{{ ns.x|tojson }}")),
        greedy(Limit.DEPTH, nested("()", 50000, "(ns.x,)", "{{ {ns.x: 1} }}")),
        greedy(Limit.DEPTH, nested("()", 50000, "(ns.x,)", "{{ {}[ns.x] }}")),
        greedy(
            Limit.DEPTH,
            nested("[]", 50000, "[ns.x]", "{% set a = ns.x %}")
                + nested("[]", 50000, "[ns.x]", "{{ a == ns.x }}")),
        greedy(Limit.DEPTH, "{% set ns = namespace() %}{% set ns.x = ns %}{{ ns }}"),
        greedy(Limit.DEPTH, "{{ x" + ".a".repeat(50000) + " is defined }}"),
        greedy(Limit.DEPTH, "{{ x" + "|d".repeat(50000) + " }}"),
        greedy(Limit.DEPTH, "{{ 1" + " if 1".repeat(50000) + " }}"));
  }

  private static Arguments greedy(Limit limit, String template) {
    return Arguments.of(limit, template);
  }

  @ParameterizedTest
  @MethodSource("greedy")
  void isStopped(Limit limit, String source) {
    JinjaTemplate template = JinjaTemplate.parse(source);

    assertTimeoutPreemptively(
        PATIENCE,
        () ->
            assertThatThrownBy(() -> template.render(Map.of()))
                .isInstanceOfSatisfying(
                    TemplateLimitException.class, e -> assertThat(e.limit()).isEqualTo(limit))
                .hasMessageContaining("template stopped"));
  }

  static Stream<String> deep() {
    return Stream.of(
        deep("{{ ", "(", "1", ")", " }}"),
        deep("{{ ", "[", "1", "]", " }}"),
        deep("{{ ", "{1:", "1", "}", " }}"),
        deep("{{ ", "not ", "1", "", " }}"),
        deep("{{ ", "- ", "1", "", " }}"),
        deep("{{ ", "1 if 1 else ", "1", "", " }}"),
        deep("{{ ", "f(", "1", ")", " }}"),
        deep("{{ ", "a[", "1", "]", " }}"),
        deep("{{ ", "a|f(", "1", ")", " }}"),
        deep("{{ ", "a is in [", "1", "]", " }}"),
        deep("", "{% if 1 %}", "1", "{% endif %}", ""),
        deep("", "{% for x in y %}", "1", "{% endfor %}", ""),
        deep("", "{% set x %}", "1", "{% endset %}", ""),
        deep("", "{% macro m() %}", "1", "{% endmacro %}", ""),
        deep("{% set ", "(", "x", ")", " = 1 %}"));
  }

  private static String deep(
      String before, String open, String inside, String close, String after) {
    int depth = 20_000;
    return before + open.repeat(depth) + inside + close.repeat(depth) + after;
  }

  @ParameterizedTest
  @MethodSource("deep")
  void isNotParsedTooDeep(String source) {
    assertTimeoutPreemptively(
        PATIENCE,
        () ->
            assertThatThrownBy(() -> JinjaTemplate.parse(source))
                .isInstanceOfSatisfying(
                    TemplateLimitException.class,
                    e -> assertThat(e.limit()).isEqualTo(Limit.DEPTH)));
  }

  /** Chains are not nesting: long ones are fine. */
  @Test
  void mayHaveLongChains() {
    int length = 5000;
    assertThat(Goldens.render("{{ 1" + " + 1".repeat(length) + " }}", Map.of())).isEqualTo("5001");
    assertThat(Goldens.render("{{ 'a'" + " ~ 'a'".repeat(length) + " }}", Map.of()))
        .hasSize(length + 1);
    assertThat(Goldens.render("{{ 1" + " and 1".repeat(length) + " }}", Map.of())).isEqualTo("1");
    assertThat(Goldens.render("{{ 0" + " < 1 != 0".repeat(length) + " }}", Map.of()))
        .isEqualTo("True");
    assertThat(
            Goldens.render(
                "{% if 0 %}" + "{% elif 0 %}".repeat(length) + "{% else %}x{% endif %}", Map.of()))
        .isEqualTo("x");
  }

  /** As deep as the limits allow is not too deep for a stack of half the usual size. */
  @Test
  void fitsASmallStack() throws InterruptedException {
    int nesting = JinjaTemplate.MAX_NESTING / 2 - 4;
    String source =
        "{% macro m() %}{{ "
            + "(1 + [".repeat(nesting)
            + "m()"
            + "][0])".repeat(nesting)
            + " }}{% endmacro %}{{ m() }}";
    Throwable[] outcome = new Throwable[1];
    Thread thread =
        new Thread(
            null,
            () -> {
              try {
                JinjaTemplate.parse(source).render(Map.of());
              } catch (Throwable e) {
                outcome[0] = e;
              }
            },
            "small stack",
            512 << 10);
    thread.start();
    thread.join();

    assertThat(outcome[0]).isInstanceOf(TemplateLimitException.class);
  }

  @Test
  void mayNotBeEndlesslyLong() {
    String source = "x".repeat(JinjaTemplate.MAX_SOURCE_LENGTH + 1);

    assertThatThrownBy(() -> JinjaTemplate.parse(source))
        .isInstanceOfSatisfying(
            TemplateLimitException.class, e -> assertThat(e.limit()).isEqualTo(Limit.SOURCE));
  }

  @Test
  void seesNothingOfJava() {
    for (String attribute :
        List.of("class", "getClass", "getClass()", "hashCode()", "bytes", "length()", "text")) {
      for (String owner : List.of("s", "l", "m", "n", "range", "namespace()")) {
        JinjaTemplate template =
            JinjaTemplate.parse("{{ (" + owner + "." + attribute + ") is defined }}");
        Map<String, Object> context =
            Map.of("s", "x", "l", List.of(1), "m", Map.of("k", 1), "n", 1);
        try {
          assertThat(template.render(context)).isEqualTo("False");
        } catch (TemplateException e) {
          assertThat(e.reason()).contains("has no attribute");
        }
      }
    }
  }

  @Test
  void cannotChangeWhatItWasGiven() {
    List<Object> list = List.of(1, 2);
    for (String change :
        List.of("l.append(3)", "l.sort()", "l.clear()", "m.update({})", "m.pop('k')")) {
      JinjaTemplate template = JinjaTemplate.parse("{{ " + change + " }}");

      assertThatThrownBy(() -> template.render(Map.of("l", list, "m", Map.of("k", 1))))
          .isInstanceOf(TemplateException.class)
          .hasMessageContaining("is unsafe");
    }
  }

  @Test
  void aLimitCanBeRaised() {
    JinjaTemplate template = JinjaTemplate.parse("{% for i in range(150000) %}x{% endfor %}");

    assertThatThrownBy(() -> template.render(Map.of())).isInstanceOf(TemplateLimitException.class);
    assertThat(
            template.render(Map.of(), RenderLimits.defaults().withMaxRange(200_000), Goldens.CLOCK))
        .hasSize(150_000);
  }
}
