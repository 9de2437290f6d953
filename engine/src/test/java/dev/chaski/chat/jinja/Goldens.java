package dev.chaski.chat.jinja;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Reads files of golden rows, and renders with a clock that stands still. */
final class Goldens {
  static final Clock CLOCK = Clock.fixed(Instant.parse("2024-07-26T12:34:56.789Z"), ZoneOffset.UTC);

  private static final JsonMapper JSON = JsonMapper.shared();

  private Goldens() {}

  static List<Map<String, Object>> rows(Path file) {
    try {
      return rows(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Map<String, Object>> resourceRows(String name) {
    return rows(resource(name));
  }

  static String resource(String name) {
    try (InputStream in = Goldens.class.getResourceAsStream("/jinja/" + name)) {
      assertNotNull(in, name);
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Map<String, Object>> rows(String lines) {
    return lines.lines().filter(line -> !line.isBlank()).map(Goldens::row).toList();
  }

  private static Map<String, Object> row(String line) {
    return JSON.readValue(line, new TypeReference<Map<String, Object>>() {});
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> context(Map<String, Object> row) {
    return (Map<String, Object>) row.get("context");
  }

  static String render(String template, Map<String, ?> context) {
    return JinjaTemplate.parse(template).render(context, RenderLimits.defaults(), CLOCK);
  }
}
