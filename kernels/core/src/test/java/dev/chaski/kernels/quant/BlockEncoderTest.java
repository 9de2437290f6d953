package dev.chaski.kernels.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaski.kernels.quant.Formats.Format;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for the encoder of every format that has one. */
class BlockEncoderTest {
  /**
   * A format and what to expect of its encoder.
   *
   * @param crc checksum of what ggml's {@code quantize_row_*_ref}, compiled without fused
   *     multiply-add, makes of {@link #weights()}
   * @param relativeError root mean square error, as part of the root mean square value, that no 256
   *     of {@link #weights()} may exceed unless they are so small that their scale is a subnormal
   *     F16 number; derived for F16 and BF16, else a little above what the reference reaches
   */
  record Case(Format format, BlockEncoder encoder, long crc, double relativeError) {
    @Override
    public String toString() {
      return format.name();
    }
  }

  private static final byte UNTOUCHED = 0x5C;

  private static final int SMALLEST_EXPONENT_OF_NORMAL_SCALES = -7;

  static List<Case> cases() {
    return List.of(
        newCase("F16", new F16Encoder(), 0x0C230BD4L, 0x1p-11),
        newCase("BF16", new Bf16Encoder(), 0x99CACFE7L, 0x1p-9),
        newCase("Q8_0", new Q8_0Encoder(), 0x5F0F1BD9L, 0.0073),
        newCase("Q4_0", new Q4_0Encoder(), 0xBCD9CAF5L, 0.102),
        newCase("Q4_1", new Q4_1Encoder(), 0x9D55CF75L, 0.154),
        newCase("Q5_0", new Q5_0Encoder(), 0xE1932BF8L, 0.051),
        newCase("Q5_1", new Q5_1Encoder(), 0x80EBAA46L, 0.071),
        newCase("Q4_K", new Q4_KEncoder(), 0x775A1DC8L, 0.095),
        newCase("Q5_K", new Q5_KEncoder(), 0x1D6605BCL, 0.052),
        newCase("Q6_K", new Q6_KEncoder(), 0x889626B3L, 0.021));
  }

  static List<Case> blockCases() {
    return cases().stream().filter(test -> test.format().blockSize() > 1).toList();
  }

  private static Case newCase(String name, BlockEncoder encoder, long crc, double relativeError) {
    Format format =
        Formats.ALL.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
    return new Case(format, encoder, crc, relativeError);
  }

  /**
   * 64 blocks of 256 values: dense around zero with long tails as trained weights are, of sizes
   * that differ from group to group and block to block, partly one-sided, rounded or sparse. Made
   * of exact operations, so that they are the same everywhere.
   */
  static float[] weights() {
    Random random = new Random(20260101);
    float[] weights = new float[64 * 256];
    for (int i = 0; i < weights.length; i++) {
      int block = i / 256;
      float value = 2 * random.nextFloat() - 1;
      value *= value * value * (1 + (i / 16) % 5) * Math.scalb(1f, exponent(block));
      switch (block % 8) {
        case 1 -> value = Math.abs(value);
        case 2 -> value = -Math.abs(value);
        case 3 -> value = Math.round(value * 64) / 64f;
        case 4 -> value = i % 3 == 0 ? value : 0;
        default -> {}
      }
      weights[i] = value;
    }
    return weights;
  }

  private static int exponent(int block) {
    return -(block % 24);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void writesWhatTheReferenceWrites(Case test) {
    CRC32 crc = new CRC32();
    crc.update(encode(test, weights()));
    assertThat(crc.getValue()).isEqualTo(test.crc());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void errorIsSmallAgainstTheValues(Case test) {
    float[] weights = weights();
    float[] decoded = decode(test, encode(test, weights));
    double worst = 0;
    for (int from = 0; from < weights.length; from += 256) {
      if (exponent(from / 256) < SMALLEST_EXPONENT_OF_NORMAL_SCALES) {
        continue;
      }
      double error = 0;
      double power = 0;
      for (int i = from; i < from + 256; i++) {
        error += Math.pow(decoded[i] - weights[i], 2);
        power += Math.pow(weights[i], 2);
      }
      worst = Math.max(worst, power == 0 ? error : Math.sqrt(error / power));
    }
    assertThat(worst).isLessThanOrEqualTo(test.relativeError());
  }

  /** Of every code and sign, with scales whose fractions fit: nothing is lost. */
  @ParameterizedTest
  @MethodSource("cases")
  void representableBlocksComeBackExactly(Case test) {
    for (float step : new float[] {0.25f, 1, 3 * 0.0009765625f}) {
      float[] values = representable(test.format(), step);
      GoldenBlocks.assertSameNumbers(decode(test, encode(test, values)), values);
    }
  }

  private static float[] representable(Format format, float step) {
    int size = Math.max(256, format.blockSize());
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] =
          switch (format.name()) {
            case "F16" -> step * (i - 128);
            case "BF16" -> step * (i / 4 - 32);
            case "Q8_0" -> step * (i % 32 == 0 ? -127 : i % 128);
            case "Q4_0" -> step * (i % 16 - 8);
            case "Q4_1" -> step * (i % 16 + 1);
            case "Q5_0" -> step * (i % 32 - 16);
            case "Q5_1" -> step * (i % 32 - 5);
            case "Q4_K" -> step * 63 * (i % 16 - 1);
            case "Q5_K" -> step * 63 * (i % 32 - 1);
            case "Q6_K" -> step * 128 * (i % 16 == 0 ? 32 : i % 63 - 31);
            default -> throw new AssertionError(format);
          };
    }
    return values;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void zerosStayZeros(Case test) {
    float[] decoded = decode(test, encode(test, new float[512]));
    for (float value : decoded) {
      assertThat(value == 0).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("blockCases")
  void everyFiniteInputDecodesToFiniteNumbers(Case test) {
    float[][] extremes = {
      {Float.MAX_VALUE, -Float.MAX_VALUE},
      {Float.MAX_VALUE, 1, 0, -1},
      {-Float.MAX_VALUE},
      {1e20f, 1e19f, -1e18f},
      {65504, 65520, 131072},
      {-1e6f, 1e6f, 3e6f},
      {Float.MIN_VALUE, 0},
      {Float.MIN_VALUE, -Float.MIN_VALUE},
      {1e-40f, -2e-40f, 3e-39f},
      {Float.MIN_NORMAL, 0, -Float.MIN_NORMAL},
      {1e-30f, -1e-30f, 1e-25f},
      {1e-15f, 1e-8f, -1e-8f},
      {Float.MAX_VALUE, Float.MIN_VALUE},
    };
    for (float[] pattern : extremes) {
      float[] values = new float[512];
      float largest = 0;
      for (int i = 0; i < values.length; i++) {
        values[i] = pattern[i % pattern.length];
        largest = Math.max(largest, Math.abs(values[i]));
      }
      for (float value : decode(test, encode(test, values))) {
        assertThat(value).as("from %s", Arrays.toString(pattern)).isFinite();
        assertThat(Math.abs(value)).isLessThanOrEqualTo(1.01f * largest + 1e-6f);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("blockCases")
  void valuesBeyondTheScalesAreCutOff(Case test) {
    float[] values = new float[256];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 2 == 0 ? 1e30f : -1e30f;
    }
    float[] decoded = decode(test, encode(test, values));
    for (int i = 0; i < values.length; i++) {
      assertThat(decoded[i] * values[i]).isGreaterThanOrEqualTo(0);
      assertThat(Math.abs(decoded[i])).isGreaterThan(60000);
    }
  }

  @ParameterizedTest
  @MethodSource("blockCases")
  void refusesInfinitiesAndNan(Case test) {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      float[] values = new float[512];
      values[300] = bad;
      assertThatThrownBy(() -> encode(test, values))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("value 300 is " + bad);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void encodesAtOddOffsetsAndLeavesTheRestAlone(Case test) {
    float[] weights = Arrays.copyOf(weights(), 512);
    byte[] expected = encode(test, Arrays.copyOfRange(weights, 256, 512));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment dst = arena.allocate(expected.length + 5, 1).fill(UNTOUCHED);
      test.encoder().encode(weights, 256, dst, 3, 256);
      byte[] actual = dst.toArray(ValueLayout.JAVA_BYTE);
      assertThat(Arrays.copyOfRange(actual, 3, 3 + expected.length)).isEqualTo(expected);
      assertThat(Arrays.copyOf(actual, 3)).containsOnly(UNTOUCHED);
      assertThat(Arrays.copyOfRange(actual, 3 + expected.length, actual.length))
          .containsOnly(UNTOUCHED);
    }
  }

  private static byte[] encode(Case test, float[] values) {
    Format format = test.format();
    byte[] raw = new byte[values.length / format.blockSize() * format.blockBytes()];
    test.encoder().encode(values, 0, MemorySegment.ofArray(raw), 0, values.length);
    return raw;
  }

  private static float[] decode(Case test, byte[] raw) {
    Format format = test.format();
    float[] values = new float[raw.length / format.blockBytes() * format.blockSize()];
    format.decoder().decode(MemorySegment.ofArray(raw), 0, values, 0, values.length);
    return values;
  }
}
