package dev.chaski.chat.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Small templates against what Jinja2 itself makes of them; see {@code make-goldens.py}. */
class JinjaGoldenTest {
  private static final List<Map<String, Object>> ROWS = Goldens.resourceRows("goldens.jsonl");
  private static final Map<String, Object> CONTEXT = Goldens.context(ROWS.getFirst());

  private static Stream<Map<String, Object>> rows(String outcome) {
    return ROWS.stream().filter(row -> row.containsKey(outcome));
  }

  private static DynamicTest test(Map<String, Object> row, Runnable check) {
    return DynamicTest.dynamicTest(row.get("template").toString(), check::run);
  }

  @TestFactory
  Stream<DynamicTest> renders() {
    return rows("rendered")
        .map(row ->
            test(
                row,
                () ->
                    assertThat(Goldens.render(row.get("template").toString(), CONTEXT))
                        .isEqualTo(row.get("rendered"))));
  }

  @TestFactory
  Stream<DynamicTest> fails() {
    return rows("error").map(row -> test(row, () -> assertFails(row)));
  }

  private static void assertFails(Map<String, Object> row) {
    JinjaTemplate template = JinjaTemplate.parse(row.get("template").toString());
    assertThatThrownBy(() -> template.render(CONTEXT))
        .isInstanceOfSatisfying(
            TemplateException.class,
            e -> {
              assertThat(e.line()).isPositive();
              if (!row.containsKey("wording")) {
                assertThat(e.reason()).isEqualTo(row.get("error"));
              }
            });
  }

  @TestFactory
  Stream<DynamicTest> doesNotParse() {
    return rows("syntax")
        .map(row ->
            test(
                row,
                () ->
                    assertThatThrownBy(() -> JinjaTemplate.parse(row.get("template").toString()))
                        .isInstanceOf(TemplateSyntaxException.class)
                        .hasMessageContaining("line ")
                        .hasMessageContaining("column ")));
  }

  /** Text survives being cut into pieces. */
  @Test
  void piecesMakeUpTheRendering() {
    for (Map<String, Object> row : rows("rendered").toList()) {
      List<Piece> pieces =
          JinjaTemplate.parse(row.get("template").toString())
              .renderPieces(CONTEXT, RenderLimits.defaults(), Goldens.CLOCK);

      assertThat(pieces.stream().map(Piece::text).collect(Collectors.joining()))
          .isEqualTo(row.get("rendered"));
      assertThat(pieces).noneMatch(piece -> piece.text().isEmpty());
    }
  }
}
