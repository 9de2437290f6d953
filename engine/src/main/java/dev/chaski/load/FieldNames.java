package dev.chaski.load;

import java.util.Map;

/** Turns messages about our fields into messages about those of a file. */
final class FieldNames {
  private FieldNames() {}

  /**
   * A message in the file's words.
   *
   * @param names what the file calls each of our fields
   */
  static String translate(String message, Map<String, String> names) {
    String said = message;
    for (Map.Entry<String, String> name : names.entrySet()) {
      said = said.replaceAll("\\b" + name.getKey() + "\\b", name.getValue());
    }
    return said;
  }
}
