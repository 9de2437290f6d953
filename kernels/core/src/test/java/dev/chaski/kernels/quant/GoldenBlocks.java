package dev.chaski.kernels.quant;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The goldens of {@code src/test/resources/quant}: some blocks of every format and their values.
 */
final class GoldenBlocks {
  private final int blockSize;
  private final int blockBytes;
  private final byte[] raw;
  private final float[] values;

  private GoldenBlocks(int blockSize, int blockBytes, byte[] raw, float[] values) {
    this.blockSize = blockSize;
    this.blockBytes = blockBytes;
    this.raw = raw;
    this.values = values;
  }

  int blockSize() {
    return blockSize;
  }

  int blockBytes() {
    return blockBytes;
  }

  /** The encoded blocks, one after the other. */
  byte[] raw() {
    return raw.clone();
  }

  /** What they decode to. */
  float[] values() {
    return values.clone();
  }

  /** All goldens by format, in the order of the index. */
  static Map<String, GoldenBlocks> load() throws IOException {
    byte[] raw = resource("goldens.blocks");
    float[] values = SharedVectors.floats(resource("goldens.f32"));
    Map<String, GoldenBlocks> goldens = new LinkedHashMap<>();
    int rawAt = 0;
    int valuesAt = 0;
    String index = new String(resource("goldens.tsv"), StandardCharsets.UTF_8);
    for (String line : index.lines().filter(text -> !text.startsWith("#")).toList()) {
      String[] fields = line.split("\t", -1);
      int blockSize = Integer.parseInt(fields[2]);
      int blockBytes = Integer.parseInt(fields[3]);
      int blocks = Integer.parseInt(fields[4]);
      int rawEnd = rawAt + blocks * blockBytes;
      int valuesEnd = valuesAt + blocks * blockSize;
      goldens.put(
          fields[0],
          new GoldenBlocks(
              blockSize,
              blockBytes,
              Arrays.copyOfRange(raw, rawAt, rawEnd),
              Arrays.copyOfRange(values, valuesAt, valuesEnd)));
      rawAt = rawEnd;
      valuesAt = valuesEnd;
    }
    assertThat(rawAt).as("bytes that the index accounts for").isEqualTo(raw.length);
    assertThat(valuesAt).as("values that the index accounts for").isEqualTo(values.length);
    return goldens;
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = GoldenBlocks.class.getResourceAsStream("/quant/" + name)) {
      assertThat(in).as("test resource /quant/" + name).isNotNull();
      return in.readAllBytes();
    }
  }

  /** Asserts numeric equality: 0 == -0 and NaN == NaN, all else bit for bit. */
  static void assertSameNumbers(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      boolean same =
          actual[i] == expected[i] || (Float.isNaN(actual[i]) && Float.isNaN(expected[i]));
      if (!same) {
        assertThat(actual[i]).as("value %d of %d", i, expected.length).isEqualTo(expected[i]);
      }
    }
  }
}
