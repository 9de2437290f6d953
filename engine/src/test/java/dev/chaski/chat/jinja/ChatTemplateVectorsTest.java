package dev.chaski.chat.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaski.SharedFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Chat templates of real models, byte for byte against their renderings. */
class ChatTemplateVectorsTest {
  private static final String FOLDER = "vectors/chat";

  private static JinjaTemplate template(Map<String, Object> row) {
    Path file = SharedFiles.require(FOLDER + "/templates/" + row.get("template"));
    return JinjaTemplate.parse(read(file));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<DynamicTest> tests(String file, RowCheck check) {
    List<Map<String, Object>> rows = Goldens.rows(SharedFiles.require(FOLDER + "/" + file));
    return Stream.iterate(0, row -> row < rows.size(), row -> row + 1)
        .map(row ->
            DynamicTest.dynamicTest(
                file + " row " + row + ": " + rows.get(row).get("template"),
                () -> check.check(rows.get(row))));
  }

  @FunctionalInterface
  private interface RowCheck {
    void check(Map<String, Object> row);
  }

  @TestFactory
  Stream<DynamicTest> rendersAsTransformers() {
    return tests(
        "public.jsonl",
        row ->
            assertThat(
                    template(row)
                        .render(Goldens.context(row), RenderLimits.defaults(), Goldens.CLOCK))
                .isEqualTo(row.get("rendered")));
  }

  @TestFactory
  Stream<DynamicTest> raisesTheTemplatesOwnErrors() {
    return tests(
        "errors.jsonl",
        row ->
            assertThatThrownBy(() -> template(row).render(Goldens.context(row)))
                .isInstanceOfSatisfying(
                    TemplateException.class, e -> assertThat(e.raisedByTemplate()).isTrue())
                .hasMessage(row.get("error").toString()));
  }

  /** Nothing of a message counts as the template's, and the tokens around it do. */
  @TestFactory
  Stream<DynamicTest> keepsTheOriginOfEveryCharacter() {
    return tests("public.jsonl", ChatTemplateVectorsTest::assertSpecialTokensAreTheTemplates);
  }

  private static void assertSpecialTokensAreTheTemplates(Map<String, Object> row) {
    Map<String, Object> context = new HashMap<>(Goldens.context(row));
    String bos = context.get("bos_token").toString();
    context.put("bos_token", new TemplateText(bos));
    context.put("eos_token", new TemplateText(context.get("eos_token").toString()));

    List<Piece> pieces =
        template(row).renderPieces(context, RenderLimits.defaults(), Goldens.CLOCK);

    String rendered = row.get("rendered").toString();
    if (rendered.startsWith(bos)) {
      assertThat(pieces.getFirst().fromTemplate()).isTrue();
      assertThat(pieces.getFirst().text()).startsWith(bos);
    }
    String messages = Goldens.context(row).get("messages").toString();
    for (String token : List.of("<|eot_id|>", "<|start_header_id|>", "<|im_end|>")) {
      if (!messages.contains(token)) {
        assertThat(pieces)
            .noneMatch(piece -> !piece.fromTemplate() && piece.text().contains(token));
      }
    }
    assertThat(String.join("", pieces.stream().map(Piece::text).toList())).isEqualTo(rendered);
  }

  @TestFactory
  Stream<DynamicTest> parsesEveryTemplate() throws IOException {
    Path folder = SharedFiles.require(FOLDER + "/templates");
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".jinja")).sorted().toList().stream()
          .map(file ->
              DynamicTest.dynamicTest(
                  folder.relativize(file).toString(),
                  () -> assertThat(JinjaTemplate.parse(read(file))).isNotNull()));
    }
  }
}
