package dev.chaski.load;

import dev.chaski.format.JsonObject;
import dev.chaski.format.SmallFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Collects the chat templates of a checkpoint by name. They stand in {@code tokenizer_config.json},
 * as one string or as a list of names and templates, or in files of their own, which win: {@code
 * chat_template.jinja}, and any others in the folder {@code additional_chat_templates}.
 */
final class HfChatTemplates {
  private static final String KEY = "chat_template";
  private static final String FILE = "chat_template.jinja";
  private static final String FOLDER = "additional_chat_templates";
  private static final String EXTENSION = ".jinja";
  private static final int MAX_BYTES = 4 << 20;

  private HfChatTemplates() {}

  static Map<String, String> read(HfFolder folder, Optional<JsonObject> tokenizerConfig)
      throws IOException {
    Map<String, String> templates = new LinkedHashMap<>();
    if (tokenizerConfig.isPresent()) {
      addAll(tokenizerConfig.get(), templates);
    }
    Optional<Path> file = folder.find(FILE);
    if (file.isPresent()) {
      templates.put(LoadedModel.DEFAULT_TEMPLATE, SmallFile.readText(file.get(), MAX_BYTES));
    }
    Optional<Path> more = folder.find(FOLDER).filter(Files::isDirectory);
    if (more.isPresent()) {
      addFiles(more.get(), templates);
    }
    return templates;
  }

  private static void addAll(JsonObject config, Map<String, String> templates) throws IOException {
    if (config.isList(KEY)) {
      for (JsonObject template : config.findObjects(KEY)) {
        templates.put(template.getString("name"), template.getString("template"));
      }
    } else if (config.contains(KEY)) {
      templates.put(LoadedModel.DEFAULT_TEMPLATE, config.getString(KEY));
    }
  }

  private static void addFiles(Path folder, Map<String, String> templates) throws IOException {
    Map<String, String> byName = new TreeMap<>(); // folders come in no order
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + EXTENSION)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        byName.put(
            name.substring(0, name.length() - EXTENSION.length()),
            SmallFile.readText(file, MAX_BYTES));
      }
    }
    templates.putAll(byName);
  }
}
