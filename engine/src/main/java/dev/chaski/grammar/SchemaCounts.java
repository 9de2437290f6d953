package dev.chaski.grammar;

import java.math.BigDecimal;
import java.util.Map;
import java.util.OptionalInt;

/** Keywords of a JSON Schema whose value is a count. */
final class SchemaCounts {
  private static final int LARGE = 1_000_000_000;

  private SchemaCounts() {}

  /** The count of a keyword; a billion stands for all that is more. */
  static OptionalInt get(SchemaDocument document, Map<String, Object> schema, String keyword) {
    Object value = schema.get(keyword);
    if (value == null) {
      return OptionalInt.empty();
    }
    if (value instanceof BigDecimal number && number.signum() >= 0) {
      if (number.compareTo(BigDecimal.valueOf(LARGE)) >= 0) {
        return OptionalInt.of(LARGE);
      }
      if (number.scale() <= 0) {
        return OptionalInt.of(number.intValueExact());
      }
    }
    throw document.fault(
        schema, keyword, "is " + JsonText.of(value) + "; expected an integer, 0 or more");
  }
}
