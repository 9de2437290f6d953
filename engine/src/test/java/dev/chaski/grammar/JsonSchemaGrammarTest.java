package dev.chaski.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigDecimal;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In schemas and JSON here ' stands for the quotation mark. */
class JsonSchemaGrammarTest {
  private static Grammar grammar(String schema) {
    return Grammar.jsonSchema(schema.replace('\'', '"'));
  }

  private static void accepts(String schema, String... texts) {
    Predicate<String> matcher = grammar(schema).matcher();
    for (String text : texts) {
      assertThat(matcher.test(text.replace('\'', '"'))).as("%s by %s", text, schema).isTrue();
    }
  }

  private static void refuses(String schema, String... texts) {
    Predicate<String> matcher = grammar(schema).matcher();
    for (String text : texts) {
      assertThat(matcher.test(text.replace('\'', '"'))).as("%s by %s", text, schema).isFalse();
    }
  }

  @Test
  void types() {
    accepts("{'type': 'string'}", "''", "'a\\n\\u00e9語'");
    refuses("{'type': 'string'}", "1", "'", "'\n'");
    accepts("{'type': ['integer', 'null']}", "1", "null", "-12");
    refuses("{'type': ['integer', 'null']}", "1.5", "'a'", "01");
    accepts("{'type': 'number'}", "1.5", "-0.25e-3", "7");
    accepts("{'type': 'boolean'}", "true", "false");
    accepts("{}", "[1, {'a': null}]", "3", "'x'");
    accepts("true", "{'b': [false]}");
    accepts("{'description': 'anything', 'x-unknown': 5}", "[]");
  }

  @Test
  void enumAndConst() {
    accepts("{'enum': ['red', 2, null, {'a': [1]}]}", "'red'", "2", "null", "{'a': [1]}");
    refuses("{'enum': ['red', 2]}", "'re'", "'reds'", "22");
    accepts("{'const': 'a\\\"\\\\é'}", "'a\\\"\\\\é'".replace("\\'", "\\\""));
    accepts("{'type': 'integer', 'enum': [1, 2.0, 'x', 30], 'maximum': 20}", "1", "2");
    refuses("{'type': 'integer', 'enum': [1, 2.0, 'x', 30], 'maximum': 20}", "30", "'x'");
  }

  @Test
  void objects() {
    String schema =
        "{'type': 'object', 'properties': {'a': {'type': 'integer'}, 'b': {'type': 'string'},"
            + " 'c': {'type': 'null'}}, 'required': ['b']}";
    accepts(schema, "{'b': ''}", "{'a': 1, 'b': 'x'}", "{\n  'a':1,\n  'b':'', 'c':null\n}");
    refuses(schema, "{}", "{'a': 1}", "{'b': '', 'a': 1}", "{'b': '', 'd': 1}", "{'b': '',}");
    String optional = "{'properties': {'a': {'const': 1}, 'b': {'const': 2}, 'c': {'const': 3}}}";
    accepts(optional, "{}", "{'a': 1}", "{'b': 2}", "{'a': 1, 'c': 3}", "{'b': 2,'c': 3}");
    refuses(optional, "{,'a': 1}", "{'a': 1,}", "{'c': 3, 'a': 1}");
    accepts("{'required': ['x']}", "{'x': [1]}");
    String open = optional.replace("}}}", "}}, 'additionalProperties': {'type': 'boolean'}}");
    accepts(open, "{}", "{'a': 1, 'ab': true}", "{'': true}", "{'z': true, 'y': false}");
    refuses(open, "{'a': true}", "{'z': 1}", "{'b': 2, 'a': 1}", "{'\\u0061': true}");
    accepts("{'type': 'object', 'additionalProperties': {'type': 'integer'}}", "{}", "{'k\\n': 1}");
    refuses(
        "{'type': 'object', 'minProperties': 1, 'maxProperties': 2}", "{}", "{'a':1,'b':1,'c':1}");
    accepts("{'type': 'object', 'additionalProperties': false}", "{}");
  }

  @Test
  void arrays() {
    accepts("{'type': 'array', 'items': {'type': 'integer'}}", "[]", "[1, 2,3]");
    refuses("{'type': 'array', 'items': {'type': 'integer'}}", "[1,]", "['a']", "[1 2]");
    accepts("{'items': {'const': 1}, 'minItems': 2, 'maxItems': 3}", "[1,1]", "[1,1,1]");
    refuses("{'items': {'const': 1}, 'minItems': 2, 'maxItems': 3}", "[1]", "[1,1,1,1]");
    String tuple = "{'prefixItems': [{'const': 1}, {'const': 2}], 'items': {'const': 3}}";
    accepts(tuple, "[]", "[1]", "[1,2]", "[1,2,3,3]");
    refuses(tuple, "[2]", "[1,3]");
    accepts(
        "{'prefixItems': [{'const': 1}, {'const': 2}], 'items': false, 'minItems': 2}", "[1,2]");
    refuses("{'prefixItems': [{'const': 1}], 'items': false}", "[1,1]");
    accepts("{'type': 'array', 'maxItems': 0}", "[]");
    refuses("{'type': 'array', 'maxItems': 0}", "[1]");
  }

  @Test
  void strings() {
    accepts(
        "{'type': 'string', 'minLength': 2, 'maxLength': 3}",
        "'ab'",
        "'語😀\\n'",
        "'\\ud83d\\ude00a'");
    refuses(
        "{'type': 'string', 'minLength': 2, 'maxLength': 3}", "'a'", "'abcd'", "'\\ud83d\\ude00'");
    accepts("{'type': 'string', 'pattern': '^[A-Z]{2}-\\\\d+$'}", "'AB-1'", "'XY-0042'");
    refuses("{'type': 'string', 'pattern': '^[A-Z]{2}-\\\\d+$'}", "'AB-'", "'aB-1'", "' AB-1'");
    accepts("{'pattern': 'b|^c'}", "'abc'", "'cd'");
    refuses("{'pattern': 'b|^c'}", "'ac'");
    accepts("{'pattern': '^(?:a|\\\"\\n?)+$'}", "'a\\\"a\\\"\\n'".replace("\\'", "\\\""));
    accepts("{'pattern': '^[^a]$'}", "'\\\\'", "'\\n'", "'é'");
    accepts("{'pattern': '^[a-z]+$', 'minLength': 2, 'maxLength': 4}", "'ab'", "'abcd'");
    refuses("{'pattern': '^[a-z]+$', 'minLength': 2, 'maxLength': 4}", "'a'", "'abcde'");
    accepts("{'pattern': '^x\\\\w*$', 'maxLength': 3}", "'x'", "'xyz'");
    refuses("{'pattern': '^x\\\\w*$', 'maxLength': 3}", "'xyzz'");
    accepts("{'format': 'date'}", "'2024-02-29'", "'1999-12-31'");
    refuses("{'format': 'date'}", "'2023-02-29'", "'2024-04-31'", "'1900-02-29'");
    accepts("{'format': 'date-time'}", "'2024-02-29T23:59:59.5+01:00'", "'2024-01-01T00:00:00Z'");
    accepts("{'format': 'uuid'}", "'123e4567-e89b-12d3-a456-426614174000'");
    accepts("{'format': 'ipv4'}", "'192.168.0.255'");
    refuses("{'format': 'ipv4'}", "'192.168.0.256'", "'1.2.3'");
    accepts("{'format': 'email'}", "'ada.l@example.org'");
    accepts("{'type': 'string', 'format': 'not-known-to-us'}", "'x'");
  }

  @Test
  void combinations() {
    accepts("{'anyOf': [{'type': 'integer'}, {'type': 'null'}]}", "1", "null");
    String base =
        "{'type': 'object', 'properties': {'a': {'const': 1}}, 'required': ['a'], 'anyOf': [";
    accepts(
        base + "{'properties': {'b': {'const': 2}}, 'required': ['b']}, true]}", "{'a': 1,'b': 2}");
    accepts("{'allOf': [{'minimum': 3}, {'type': 'integer', 'maximum': 5}]}", "3", "5");
    refuses("{'allOf': [{'minimum': 3}, {'type': 'integer', 'maximum': 5}]}", "2", "6");
    String merged =
        "{'allOf': [{'$ref': '#/$defs/base'}, {'properties': {'b': {'type': 'integer'}},"
            + " 'required': ['b']}], '$defs': {'base': {'type': 'object', 'properties': {'a':"
            + " {'type': 'string'}, 'b': {'minimum': 5}}, 'required': ['a']}}}";
    accepts(merged, "{'a': '', 'b': 7}");
    refuses(merged, "{'a': '', 'b': 3}", "{'b': 7}", "{'a': ''}");
    String apart =
        "{'oneOf': [{'type': 'object', 'properties': {'kind': {'const': 'cat'}}, 'required':"
            + " ['kind']}, {'type': 'object', 'properties': {'kind': {'const': 'dog'}, 'x': {}},"
            + " 'required': ['kind']}]}";
    accepts(apart, "{'kind': 'cat'}", "{'kind': 'dog', 'x': 1}");
    refuses(apart, "{'kind': 'cow'}", "{'kind': 'cat', 'x': 1}");
  }

  @Test
  void references() {
    String tree =
        "{'type': 'object', 'properties': {'v': {'type': 'integer'}, 'kids': {'type': 'array',"
            + " 'items': {'$ref': '#'}}}, 'required': ['v']}";
    accepts(tree, "{'v': 1}", "{'v': 1, 'kids': [{'v': 2, 'kids': []}, {'v': 3}]}");
    refuses(tree, "{'v': 1, 'kids': [{'kids': []}]}");
    String escaped = "{'$ref': '#/$defs/a~1b%20c', '$defs': {'a/b c': {'const': 5}}}";
    accepts(escaped, "5");
    String sibling = "{'$ref': '#/$defs/n', 'maximum': 3, '$defs': {'n': {'type': 'integer'}}}";
    accepts(sibling, "3");
    refuses(sibling, "4");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{'properties': {'a': {'not': {}}}}; #/properties/a: \"not\" is not supported",
        "{'items': {'uniqueItems': true}}; #/items: \"uniqueItems\" is not supported",
        "{'type': 'object', 'patternProperties': {'^a': {}}}; #: \"patternProperties\"",
        "{'if': {}, 'then': {}}; \"if\" is not supported",
        "{'type': 'text'}; #: \"type\" is \"text\", which is no type",
        "{'$ref': 'http://example.org/x'}; \"$ref\" refers to",
        "{'$ref': '#/$defs/none'}; which does not exist",
        "{'type': 'array', 'items': [{}]}; the present name is prefixItems",
        "{'oneOf': [{'type': 'integer'}, {'type': 'number'}]}; the alternatives 0 and 1",
        "{'type': 'integer', 'multipleOf': 7}; \"multipleOf\" is supported for 1, 0.1",
        "{'pattern': '(?=a)'}; looking ahead or behind is not supported",
        "{'pattern': '(a'}; a '(' has no ')'",
        "{'pattern': '^a*b*$', 'maxLength': 3}; count in the pattern",
        "{'minLength': -1}; expected an integer, 0 or more",
        "{'allOf': [{'$ref': '#'}]}; leads to itself",
        "{'properties': {'a': 5}}; a schema is an object, true or false; found 5",
        "{'type': 'object',}; line 1, column",
        "[]; a schema is an object, true or false",
        "``; the text is empty",
        "false; no JSON text is valid",
        "{'properties': {'a': {'$ref': '#'}}, 'required': ['a']}; no JSON text is valid",
        "{'enum': []}; no JSON text is valid",
        "{'type': 'integer', 'minimum': 3, 'maximum': 2}; no JSON text is valid",
      })
  void faultsNameKeywordAndPlace(String schema, String message) {
    assertThatExceptionOfType(GrammarException.class)
        .isThrownBy(() -> grammar(schema == null ? "" : schema))
        .withMessageContaining(message);
  }

  /** A reference to itself with nothing in between is found when the grammar is made ready. */
  @Test
  void emptyCircleIsRefused() {
    Grammar circle = grammar("{'anyOf': [{'type': 'null'}, {'$ref': '#'}]}");
    assertThatExceptionOfType(GrammarException.class)
        .isThrownBy(() -> circle.matches("null"))
        .withMessageContaining("can begin with itself");
  }

  @Test
  @Timeout(60)
  void hostileSchemasEnd() {
    String doubling =
        IntStream.range(0, 30)
            .mapToObj(i ->
                "'a%d': {'allOf': [{'$ref': '#/$defs/a%d'}, {'anyOf': [true, {}]}]}"
                    .formatted(i, i + 1))
            .collect(Collectors.joining(",", "{'$ref': '#/$defs/a0', '$defs': {", ",'a30': {}}}"));
    String wide =
        IntStream.range(0, 16)
            .mapToObj(i -> "{'anyOf': [{'minimum': %d}, {'maximum': %d}]}".formatted(i, i))
            .collect(Collectors.joining(",", "{'type': 'integer', 'allOf': [", "]}"));
    String nested = "{'items':".repeat(5_000) + "{}" + "}".repeat(5_000);
    for (String schema : new String[] {doubling, wide, nested}) {
      try {
        assertThat(grammar(schema)).isNotNull();
      } catch (GrammarException e) {
        assertThat(e).hasMessageContaining("JSON Schema");
      }
    }
  }

  /** Bounds of numbers against comparing them. */
  @Test
  void numberRangesAreExact() {
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      boolean integer = random.nextBoolean();
      BigDecimal low = decimal(random);
      BigDecimal high = low.add(decimal(random).abs());
      String exclusiveLow = random.nextBoolean() ? "minimum" : "exclusiveMinimum";
      String exclusiveHigh = random.nextBoolean() ? "maximum" : "exclusiveMaximum";
      String schema =
          "{'type': '%s', '%s': %s, '%s': %s}"
              .formatted(integer ? "integer" : "number", exclusiveLow, low, exclusiveHigh, high);
      Predicate<String> matcher;
      try {
        matcher = grammar(schema).matcher();
      } catch (GrammarException e) {
        assertThat(e).as(schema).hasMessageContaining("no JSON text is valid");
        continue;
      }
      for (int i = 0; i < 300; i++) {
        BigDecimal value =
            switch (random.nextInt(4)) {
              case 0 ->
                  low.add(new BigDecimal(random.nextInt(-2, 3)).movePointLeft(random.nextInt(4)));
              case 1 ->
                  high.add(new BigDecimal(random.nextInt(-2, 3)).movePointLeft(random.nextInt(4)));
              default -> decimal(random);
            };
        boolean above =
            exclusiveLow.equals("minimum") ? value.compareTo(low) >= 0 : value.compareTo(low) > 0;
        boolean below =
            exclusiveHigh.equals("maximum")
                ? value.compareTo(high) <= 0
                : value.compareTo(high) < 0;
        String text = value.toPlainString();
        boolean written = !integer || !text.contains(".");
        assertThat(matcher.test(text))
            .as("%s by %s", text, schema)
            .isEqualTo(above && below && written);
      }
    }
  }

  private static BigDecimal decimal(Random random) {
    int digits = random.nextInt(1, 7);
    long unscaled = random.nextLong(-(long) Math.pow(10, digits), (long) Math.pow(10, digits));
    return BigDecimal.valueOf(unscaled, random.nextInt(0, 4));
  }
}
