package dev.chaski.grammar;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.UUID;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Validates JSON against a JSON Schema as the standard says it, for comparison with grammars. */
final class SchemaValidator {
  private final JsonNode root;

  SchemaValidator(JsonNode root) {
    this.root = root;
  }

  boolean isValid(JsonNode value) {
    return isValid(root, value);
  }

  private boolean isValid(JsonNode schema, JsonNode value) {
    if (schema.isBoolean()) {
      return schema.asBoolean();
    }
    return referenceHolds(schema, value)
        && typeHolds(schema, value)
        && valuesHold(schema, value)
        && combinationsHold(schema, value)
        && (!value.isObject() || objectHolds(schema, value))
        && (!value.isArray() || arrayHolds(schema, value))
        && (!value.isString() || stringHolds(schema, value.asString()))
        && (!value.isNumber() || numberHolds(schema, value.decimalValue()));
  }

  private boolean referenceHolds(JsonNode schema, JsonNode value) {
    return !schema.has("$ref")
        || isValid(root.at(schema.get("$ref").asString().substring(1)), value);
  }

  private static boolean typeHolds(JsonNode schema, JsonNode value) {
    if (!schema.has("type")) {
      return true;
    }
    JsonNode types = schema.get("type");
    if (types.isString()) {
      return isOfType(types.asString(), value);
    }
    for (JsonNode type : types) {
      if (isOfType(type.asString(), value)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOfType(String type, JsonNode value) {
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isString();
      case "number" -> value.isNumber();
      case "integer" -> value.isNumber() && value.decimalValue().stripTrailingZeros().scale() <= 0;
      case "boolean" -> value.isBoolean();
      case "null" -> value.isNull();
      default -> throw new AssertionError(type);
    };
  }

  private static boolean valuesHold(JsonNode schema, JsonNode value) {
    if (schema.has("const") && !same(schema.get("const"), value)) {
      return false;
    }
    if (schema.has("enum")) {
      for (JsonNode possible : schema.get("enum")) {
        if (same(possible, value)) {
          return true;
        }
      }
      return false;
    }
    return true;
  }

  private static boolean same(JsonNode a, JsonNode b) {
    return (a.isNumber() && b.isNumber())
        ? a.decimalValue().compareTo(b.decimalValue()) == 0
        : a.equals(b);
  }

  private boolean combinationsHold(JsonNode schema, JsonNode value) {
    boolean all =
        !schema.has("allOf") || count(schema.get("allOf"), value) == schema.get("allOf").size();
    return all
        && (!schema.has("anyOf") || count(schema.get("anyOf"), value) > 0)
        && (!schema.has("oneOf") || count(schema.get("oneOf"), value) == 1);
  }

  private int count(JsonNode schemas, JsonNode value) {
    int valid = 0;
    for (JsonNode schema : schemas) {
      valid += isValid(schema, value) ? 1 : 0;
    }
    return valid;
  }

  private boolean objectHolds(JsonNode schema, JsonNode value) {
    for (JsonNode name : schema.path("required")) {
      if (!value.has(name.asString())) {
        return false;
      }
    }
    JsonNode properties = schema.path("properties");
    for (String name : value.propertyNames()) {
      if (properties.has(name)) {
        if (!isValid(properties.get(name), value.get(name))) {
          return false;
        }
      } else if (schema.has("additionalProperties")
          && !isValid(schema.get("additionalProperties"), value.get(name))) {
        return false;
      }
    }
    return value.size() >= schema.path("minProperties").asInt(0)
        && value.size() <= schema.path("maxProperties").asInt(Integer.MAX_VALUE);
  }

  private boolean arrayHolds(JsonNode schema, JsonNode value) {
    int prefix = schema.path("prefixItems").size();
    for (int i = 0; i < value.size(); i++) {
      if (i < prefix) {
        if (!isValid(schema.get("prefixItems").get(i), value.get(i))) {
          return false;
        }
      } else if (schema.has("items") && !isValid(schema.get("items"), value.get(i))) {
        return false;
      }
    }
    return value.size() >= schema.path("minItems").asInt(0)
        && value.size() <= schema.path("maxItems").asInt(Integer.MAX_VALUE);
  }

  private static boolean stringHolds(JsonNode schema, String text) {
    int length = text.codePointCount(0, text.length());
    return length >= schema.path("minLength").asInt(0)
        && length <= schema.path("maxLength").asInt(Integer.MAX_VALUE)
        && (!schema.has("pattern")
            || Pattern.compile(schema.get("pattern").asString()).matcher(text).find())
        && (!schema.has("format") || formatHolds(schema.get("format").asString(), text));
  }

  private static boolean formatHolds(String format, String text) {
    try {
      switch (format) {
        case "date" -> LocalDate.parse(text);
        case "date-time" -> OffsetDateTime.parse(text);
        case "uuid" -> UUID.fromString(text);
        default -> throw new AssertionError(format);
      }
      return true;
    } catch (DateTimeParseException | IllegalArgumentException e) {
      // An offset beyond 18 hours is fine in RFC 3339, and too much for Java.
      return format.equals("date-time") && e.getMessage().contains("Zone offset");
    }
  }

  private static boolean numberHolds(JsonNode schema, BigDecimal value) {
    return (!schema.has("minimum") || value.compareTo(decimal(schema, "minimum")) >= 0)
        && (!schema.has("maximum") || value.compareTo(decimal(schema, "maximum")) <= 0)
        && (!schema.has("exclusiveMinimum")
            || value.compareTo(decimal(schema, "exclusiveMinimum")) > 0)
        && (!schema.has("exclusiveMaximum")
            || value.compareTo(decimal(schema, "exclusiveMaximum")) < 0)
        && (!schema.has("multipleOf")
            || value.remainder(decimal(schema, "multipleOf")).signum() == 0);
  }

  private static BigDecimal decimal(JsonNode schema, String keyword) {
    return schema.get(keyword).decimalValue();
  }
}
