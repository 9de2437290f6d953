package dev.chaski.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.chaski.grammar.Grammar;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** A JSON Schema from a stranger, made ready and followed. */
class SchemaFuzzTest {
  static List<byte[]> seeds() {
    return Stream.of(
            "{}",
            "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\",\"minimum\":-3,"
                + "\"maximum\":120},\"b\":{\"enum\":[\"x\",null,1.5]}},\"required\":[\"a\"]}",
            "{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/n\"},\"minItems\":1,\"maxItems\":3,"
                + "\"$defs\":{\"n\":{\"type\":\"string\",\"pattern\":\"^[a-c]{2,4}|x+$\"}}}",
            "{\"anyOf\":[{\"const\":{\"k\":[true]}},{\"type\":[\"string\",\"null\"],\"minLength\":2,"
                + "\"maxLength\":5}]}",
            "{\"allOf\":[{\"type\":\"number\"},{\"exclusiveMinimum\":0.5}]}",
            "{\"type\":\"string\",\"format\":\"date-time\"}",
            "{\"oneOf\":[{\"prefixItems\":[{\"type\":\"boolean\"}],\"items\":false},"
                + "{\"additionalProperties\":{\"type\":\"string\"}}]}")
        .map(Hostile::bytes)
        .toList();
  }

  @MethodSource("seeds")
  @FuzzTest
  void schemaIsFollowedOrRefused(byte[] data) throws Exception {
    Hostile.use(() -> Answers.write(Grammar.jsonSchema(Hostile.text(data))));
  }
}
