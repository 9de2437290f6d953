package dev.chaski.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.chaski.format.ModelFormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufMetadataTest {
  @TempDir Path folder;

  @Test
  void everyScalarTypeReadsBackAtBothEndsOfItsRange() throws IOException {
    Path path = folder.resolve("scalars.gguf");
    GgufWriter writer = new GgufWriter();
    for (Range range : Range.ALL) {
      writer.putInteger("min." + range.type(), range.type(), range.min());
      writer.putInteger("max." + range.type(), range.type(), range.max());
    }
    writer
        .putFloat("f32", 1e-5f)
        .putFloat("nan", Float.NaN)
        .putDouble("f64", 0.1)
        .putBoolean("yes", true)
        .putBoolean("no", false)
        .putString("empty", "")
        .putString("text", "Ġ 山 🦙 \u0000")
        .writeTo(path);
    try (GgufFile file = GgufFile.open(path)) {
      GgufMetadata metadata = file.metadata();
      for (Range range : Range.ALL) {
        assertThat(metadata.getLong("min." + range.type())).isEqualTo(range.min());
        assertThat(metadata.getLong("max." + range.type())).isEqualTo(range.max());
        assertThat(metadata.entry("min." + range.type()).orElseThrow().type())
            .isEqualTo(range.type());
      }
      assertThat(metadata.getFloat("f32")).isEqualTo(1e-5f);
      assertThat(metadata.getFloat("nan")).isNaN();
      assertThat(metadata.getFloat("f64")).isEqualTo(0.1f);
      assertThat(metadata.getBoolean("yes")).isTrue();
      assertThat(metadata.getBoolean("no")).isFalse();
      assertThat(metadata.getString("empty")).isEmpty();
      assertThat(metadata.getString("text")).isEqualTo("Ġ 山 🦙 \u0000");
    }
  }

  @Test
  void stringsMayStayUndecoded() throws IOException {
    Path path = folder.resolve("strings.gguf");
    List<String> texts = List.of("", "Ġthe", "山🦙", "plain", "é");
    new GgufWriter().putStrings("texts", texts).writeTo(path);
    try (GgufFile file = GgufFile.open(path)) {
      GgufStrings strings = file.metadata().getUndecodedStrings("texts");
      assertThat(strings.size()).isEqualTo(texts.size());
      for (int i = 0; i < texts.size(); i++) {
        byte[] bytes = Arrays.copyOfRange(strings.utf8(), strings.starts()[i], strings.ends()[i]);
        assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo(texts.get(i));
      }
    }
  }

  @Test
  void everyArrayTypeReadsBack() throws IOException {
    Path path = folder.resolve("arrays.gguf");
    GgufWriter writer = new GgufWriter();
    for (Range range : Range.ALL) {
      writer.putIntegers("ints." + range.type(), range.type(), 0, 1, 127);
    }
    writer
        .putFloats("f32", 1.5f, -0.0f)
        .putDoubles("f64", 2.5, Double.POSITIVE_INFINITY)
        .putBooleans("bools", true, false)
        .putStrings("strings", List.of("a", "", "Ġthe", "\uFFFD"))
        .putStrings("none", List.of())
        .writeTo(path);
    try (GgufFile file = GgufFile.open(path)) {
      GgufMetadata metadata = file.metadata();
      for (Range range : Range.ALL) {
        assertThat(metadata.getInts("ints." + range.type())).containsExactly(0, 1, 127);
      }
      assertThat(metadata.getFloats("f32")).containsExactly(1.5f, -0.0f);
      assertThat(metadata.getFloats("f64")).containsExactly(2.5f, Float.POSITIVE_INFINITY);
      assertThat(metadata.getStrings("strings")).containsExactly("a", "", "Ġthe", "\uFFFD");
      assertThat(metadata.getStrings("none")).isEmpty();
      assertThat(metadata.summary(metadata.entry("bools").orElseThrow()))
          .isEqualTo("[true, false]");
    }
  }

  @Test
  void findReturnsEmptyOnlyForAnAbsentKey() throws IOException {
    try (GgufFile file = sample()) {
      GgufMetadata metadata = file.metadata();
      assertThat(metadata.findInt("absent")).isEmpty();
      assertThat(metadata.findLong("absent")).isEmpty();
      assertThat(metadata.findFloat("absent")).isEmpty();
      assertThat(metadata.findBoolean("absent")).isEmpty();
      assertThat(metadata.findString("absent")).isEmpty();
      assertThat(metadata.findStrings("absent")).isEmpty();
      assertThat(metadata.findInts("absent")).isEmpty();
      assertThat(metadata.findFloats("absent")).isEmpty();
      assertThat(metadata.findInt("count")).hasValue(7);
      assertThat(metadata.findLong("count")).hasValue(7);
      assertThat(metadata.findFloat("real")).contains(0.5f);
      assertThat(metadata.findBoolean("flag")).contains(true);
      assertThat(metadata.findString("name")).contains("chaski");
      assertThat(metadata.findStrings("words")).contains(List.of("a", "b"));
      assertThat(metadata.findInts("numbers")).hasValueSatisfying(a -> assertThat(a).hasSize(3));
      assertThat(metadata.findFloats("reals")).hasValueSatisfying(a -> assertThat(a).hasSize(1));
      assertFault(() -> metadata.findInt("name"), "'name' is string; expected an integer");
    }
  }

  @Test
  void aWrongTypeNamesKeyTypesAndPlace() throws IOException {
    try (GgufFile file = sample()) {
      GgufMetadata metadata = file.metadata();
      assertFault(() -> metadata.getInt("real"), "'real' is float32; expected an integer");
      assertFault(() -> metadata.getLong("flag"), "'flag' is bool; expected an integer");
      assertFault(() -> metadata.getFloat("count"), "'count' is uint32; expected a float");
      assertFault(() -> metadata.getBoolean("count"), "'count' is uint32; expected a bool");
      assertFault(
          () -> metadata.getString("words"), "'words' is array of 2 string; expected a string");
      assertFault(
          () -> metadata.getStrings("numbers"),
          "'numbers' is array of 3 int32; expected an array of strings");
      assertFault(
          () -> metadata.getInts("reals"),
          "'reals' is array of 1 float32; expected an array of integers");
      assertFault(
          () -> metadata.getFloats("words"),
          "'words' is array of 2 string; expected an array of floats");
      assertFault(
          () -> metadata.getInts("count"), "'count' is uint32; expected an array of integers");
      assertThatExceptionOfType(ModelFormatException.class)
          .isThrownBy(() -> metadata.getInt("name"))
          .satisfies(
              e -> assertThat(e.offset()).isEqualTo(metadata.entry("name").orElseThrow().offset()));
    }
  }

  @Test
  void aMissingKeyIsNamed() throws IOException {
    try (GgufFile file = sample()) {
      GgufMetadata metadata = file.metadata();
      assertFault(() -> metadata.getInt("absent"), "'absent' is missing; expected an integer");
      assertFault(() -> metadata.getString("absent"), "'absent' is missing; expected a string");
      assertFault(
          () -> metadata.getStrings("absent"), "'absent' is missing; expected an array of strings");
    }
  }

  @Test
  void integersThatDoNotFitAreRefused() throws IOException {
    Path path = folder.resolve("large.gguf");
    new GgufWriter()
        .putUint32("u32", 0xFFFF_FFFFL)
        .putInteger("u64", GgufValueType.UINT64, -1)
        .putInteger("i64", GgufValueType.INT64, -1)
        .putIntegers("array", GgufValueType.UINT64, 1, -1)
        .writeTo(path);
    try (GgufFile file = GgufFile.open(path)) {
      GgufMetadata metadata = file.metadata();
      assertFault(() -> metadata.getInt("u32"), "'u32' is 4294967295; expected");
      assertThat(metadata.getLong("u32")).isEqualTo(0xFFFF_FFFFL);
      assertFault(() -> metadata.getLong("u64"), "'u64' is 18446744073709551615; expected");
      assertFault(() -> metadata.findInt("u64"), "'u64' is 18446744073709551615; expected");
      assertThat(metadata.getInt("i64")).isEqualTo(-1);
      assertFault(() -> metadata.getInts("array"), "element 1 = 18446744073709551615");
    }
  }

  @Test
  void aTokenOfInvalidUtf8IsRefusedWhenReadAndNotBefore() throws IOException {
    Path path =
        RawGguf.withCounts(0, 2)
            .string("tokens")
            .u32(RawGguf.ARRAY)
            .u32(RawGguf.STRING)
            .u64(2)
            .string("ok")
            .string("\u00c3(")
            .string("name")
            .u32(RawGguf.STRING)
            .string("\u00ff")
            .writeTo(folder.resolve("utf8.gguf"));
    try (GgufFile file = GgufFile.open(path)) {
      GgufMetadata metadata = file.metadata();
      GgufEntry tokens = metadata.entry("tokens").orElseThrow();
      assertThat(metadata.summary(tokens)).isEqualTo("['ok', '\uFFFD(']");
      assertFault(() -> metadata.getString("name"), "'name' holds a string that is not valid");
      assertThatExceptionOfType(ModelFormatException.class)
          .isThrownBy(() -> metadata.getStrings("tokens"))
          .withMessageContaining("'tokens' holds a string that is not valid UTF-8")
          .satisfies(e -> assertThat(e.offset()).isEqualTo(tokens.offset() + 8 + 2 + 8));
    }
  }

  @Test
  void summariesAreShortAndPrintable() throws IOException {
    Path path = folder.resolve("long.gguf");
    new GgufWriter()
        .putString("text", "line\n\u001b[31m" + "山".repeat(1000))
        .putStrings("words", List.of("a", "b", "c", "d", "e", "f"))
        .putInteger("big", GgufValueType.UINT64, -1)
        .putFloat("real", 1e-5f)
        .writeTo(path);
    try (GgufFile file = GgufFile.open(path)) {
      assertThat(summary(file, "text"))
          .startsWith("'line\\n\\u{1b}[31m山")
          .endsWith("山...'")
          .hasSizeLessThan(80);
      assertThat(summary(file, "words")).isEqualTo("['a', 'b', 'c', 'd', 'e', ...]");
      assertThat(summary(file, "big")).isEqualTo("18446744073709551615");
      assertThat(summary(file, "real")).isEqualTo("1.0E-5");
      assertThat(file.metadata().entry("words").map(GgufEntry::describeType))
          .isEqualTo(Optional.of("array of 6 string"));
    }
  }

  @Test
  void entriesComeInTheOrderOfTheFile() throws IOException {
    try (GgufFile file = sample()) {
      assertThat(file.metadata().entries())
          .extracting(GgufEntry::key)
          .containsExactly("name", "count", "real", "flag", "words", "numbers", "reals");
    }
  }

  @Test
  void readingAfterCloseIsAnException() throws IOException {
    GgufFile file = sample();
    List<String> words = file.metadata().getStrings("words");
    file.close();
    file.close();
    assertThat(words).containsExactly("a", "b");
    assertThatIllegalStateException().isThrownBy(() -> file.metadata().getInt("count"));
  }

  private static String summary(GgufFile file, String key) throws IOException {
    return file.metadata().summary(file.metadata().entry(key).orElseThrow());
  }

  private GgufFile sample() throws IOException {
    Path path = folder.resolve("sample.gguf");
    new GgufWriter()
        .putString("name", "chaski")
        .putUint32("count", 7)
        .putFloat("real", 0.5f)
        .putBoolean("flag", true)
        .putStrings("words", List.of("a", "b"))
        .putIntegers("numbers", GgufValueType.INT32, -1, 0, 1)
        .putFloats("reals", 0.25f)
        .writeTo(path);
    return GgufFile.open(path);
  }

  private static void assertFault(ThrowingCallable call, String message) {
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(call)
        .withMessageContaining(message);
  }

  private record Range(GgufValueType type, long min, long max) {
    static final List<Range> ALL =
        List.of(
            new Range(GgufValueType.UINT8, 0, 255),
            new Range(GgufValueType.INT8, -128, 127),
            new Range(GgufValueType.UINT16, 0, 65_535),
            new Range(GgufValueType.INT16, -32_768, 32_767),
            new Range(GgufValueType.UINT32, 0, 4_294_967_295L),
            new Range(GgufValueType.INT32, Integer.MIN_VALUE, Integer.MAX_VALUE),
            new Range(GgufValueType.UINT64, 0, Long.MAX_VALUE),
            new Range(GgufValueType.INT64, Long.MIN_VALUE, Long.MAX_VALUE));
  }
}
