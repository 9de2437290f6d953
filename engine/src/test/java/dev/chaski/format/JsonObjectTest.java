package dev.chaski.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonObjectTest {
  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("config.json");
  }

  private JsonObject read(String json) throws IOException {
    return JsonObject.read(Files.writeString(file(), json), 1000);
  }

  @Test
  void valuesOfEveryKind() throws IOException {
    JsonObject object =
        read(
            """
            {"i": -7, "d": 2.5, "e": 1e3, "t": true, "s": "ü", "l": [1, 2], "n": null,
             "o": {"a": {"b": 1}}, "oo": [{"x": "1"}, {"x": "2"}], "ss": ["a"]}
            """);
    assertThat(object.path()).isEqualTo(file());
    assertThat(object.keys()).startsWith("i", "d").hasSize(10);
    assertThat(object.getInt("i")).isEqualTo(-7);
    assertThat(object.getDouble("i")).isEqualTo(-7);
    assertThat(object.getDouble("d")).isEqualTo(2.5);
    assertThat(object.getDouble("e")).isEqualTo(1000);
    assertThat(object.findBoolean("t")).contains(true);
    assertThat(object.getString("s")).isEqualTo("ü");
    assertThat(object.isString("s")).isTrue();
    assertThat(object.findInts("l")).containsExactly(1, 2);
    assertThat(object.isList("l")).isTrue();
    assertThat(object.findInts("i")).containsExactly(-7);
    assertThat(object.getObject("o").getObject("a").getInt("b")).isEqualTo(1);
    assertThat(object.findObjects("oo").get(1).getString("x")).isEqualTo("2");
    assertThat(object.findStrings("ss")).containsExactly("a");
  }

  @Test
  void nullIsAsGoodAsNothing() throws IOException {
    JsonObject object = read("{\"n\": null}");
    for (String key : new String[] {"n", "missing"}) {
      assertThat(object.contains(key)).isFalse();
      assertThat(object.findInt(key)).isEmpty();
      assertThat(object.findDouble(key)).isEmpty();
      assertThat(object.findString(key)).isEmpty();
      assertThat(object.findBoolean(key)).isEmpty();
      assertThat(object.findObject(key)).isEmpty();
      assertThat(object.findInts(key)).isEmpty();
      assertThat(object.findStrings(key)).isEmpty();
      assertThat(object.findObjects(key)).isEmpty();
      assertFault(() -> object.getInt(key), "'" + key + "' is missing; expected an integer");
    }
    assertThat(object.isNull("n")).isTrue();
    assertThat(object.isNull("missing")).isFalse();
  }

  @Test
  void otherKindsAreFaults() throws IOException {
    JsonObject object =
        read(
            "{\"s\": \"1\", \"d\": 1.0, \"big\": 2147483648, \"nan\": NaN, \"l\": [[]], \"o\":"
                + " {}}");
    assertFault(() -> object.getInt("s"), "'s' is the string '1'; expected an integer");
    assertFault(() -> object.getInt("d"), "'d' is '1.0'; expected an integer");
    assertFault(() -> object.getInt("big"), "'big' is '2147483648'");
    assertFault(() -> object.getDouble("nan"), "'nan' is 'NaN'; expected a finite number");
    assertFault(() -> object.getString("o"), "'o' is an object; expected a string");
    assertFault(() -> object.getObject("l"), "'l' is a list; expected an object");
    assertFault(() -> object.findInts("l"), "'l' is a list; expected an integer");
    assertFault(() -> object.findStrings("o"), "'o' is an object; expected a list");
    assertFault(() -> object.findBoolean("s"), "expected true or false");
    assertFault(() -> object.getObject("o").getInt("x"), "'o.x' is missing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[1]", "7", "{", "{}{}", "{\"a\":1,\"a\":2}", "{\"a\":1} x", "null"})
  void whatIsNoObjectIsAFault(String json) {
    assertFault(() -> read(json), "");
  }

  @Test
  void deepNestingIsAFault() {
    assertFault(() -> read("{\"a\":".repeat(100) + "1" + "}".repeat(100)), "nesting depth (65)");
  }

  @Test
  void longFilesAreAFault() throws IOException {
    String json = "{\"a\":\"" + "x".repeat(992) + "\"}"; // 1000 bytes
    assertThat(read(json).getString("a")).hasSize(992);
    assertFault(() -> read(json + " "), "more than 1,000 bytes");
  }

  @Test
  void otherEncodingsAreAFaultOfTexts() throws IOException {
    Files.write(file(), "ü".getBytes(StandardCharsets.ISO_8859_1));
    assertFault(() -> SmallFile.readText(file(), 10), "not UTF-8");
    Files.writeString(file(), "ü");
    assertThat(SmallFile.readText(file(), 10)).isEqualTo("ü");
  }

  @Test
  void whatIsNoFileIsNotRead() {
    assertThatThrownBy(() -> JsonObject.read(file(), 10)).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> JsonObject.read(folder, 10))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("expected a file");
  }

  private void assertFault(ThrowingCallable call, String reason) {
    assertThatThrownBy(call)
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith(file() + ": ")
        .hasMessageContaining(reason);
  }
}
