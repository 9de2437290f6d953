package dev.chaski.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.chaski.chat.jinja.JinjaTemplate;
import dev.chaski.chat.jinja.RenderLimits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A chat template of a stranger, rendered for values of all types. */
class TemplateFuzzTest {
  private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
  private static final RenderLimits LIMITS =
      RenderLimits.defaults().withMaxSteps(50_000).withMaxCharacters(2_000_000);
  private static final List<JsonNode> ROWS = rows();
  private static final Map<String, Object> CONTEXT =
      JsonMapper.shared()
          .convertValue(
              ROWS.getFirst().get("context"), new TypeReference<Map<String, Object>>() {});
  private static final int TEMPLATES_OF_A_SEED = 20;

  private static List<JsonNode> rows() {
    try (BufferedReader rows =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(
                    TemplateFuzzTest.class.getResourceAsStream("/jinja/goldens.jsonl")),
                StandardCharsets.UTF_8))) {
      return rows.lines().map(JsonMapper.shared()::readTree).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The templates of the goldens that render, some to a seed. */
  static List<byte[]> seeds() {
    List<String> templates =
        ROWS.stream()
            .filter(row -> row.has("rendered"))
            .map(row -> row.get("template").asString())
            .toList();
    List<byte[]> seeds = new ArrayList<>();
    for (int i = 0; i < templates.size(); i += TEMPLATES_OF_A_SEED) {
      int end = Math.min(templates.size(), i + TEMPLATES_OF_A_SEED);
      seeds.add(Hostile.bytes(String.join("\n", templates.subList(i, end))));
    }
    return seeds;
  }

  @MethodSource("seeds")
  @FuzzTest
  void templateRendersOrIsRefused(byte[] data) throws Exception {
    Hostile.use(() -> JinjaTemplate.parse(Hostile.text(data)).render(CONTEXT, LIMITS, CLOCK));
  }
}
