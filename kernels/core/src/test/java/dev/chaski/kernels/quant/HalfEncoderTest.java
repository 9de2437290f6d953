package dev.chaski.kernels.quant;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rounding and special values of the two 16-bit formats. */
class HalfEncoderTest {
  @ParameterizedTest
  @CsvSource({
    "1, 3C00",
    "-0.0, 8000",
    "65504, 7BFF",
    "65519.996, 7BFF",
    "65520, 7C00", // ties go to the infinity
    "Infinity, 7C00",
    "1.00048828125, 3C00", // tie between 1 and the next number
    "1.00146484375, 3C02", // tie, to even
    "2.98023223876953125e-8, 0000", // half of the smallest number
    "2.9802326e-8, 0001",
    "6.0975552e-5, 03FF", // the largest subnormal number
    "1e-40, 0000"
  })
  void roundsToF16(float value, String expected) {
    assertThat(encode(new F16Encoder(), value)).isEqualTo(Integer.parseInt(expected, 16));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 3F80",
    "-0.0, 8000",
    "1.00390625, 3F80", // tie between 1 and the next number
    "1.01171875, 3F82", // tie, to even
    "1.0039064, 3F81",
    "3.3895314e38, 7F7F",
    "3.4e38, 7F80",
    "-Infinity, FF80",
    "1e-40, 0001", // subnormal numbers are kept
    "1e-45, 0000"
  })
  void roundsToBf16(float value, String expected) {
    assertThat(encode(new Bf16Encoder(), value)).isEqualTo(Integer.parseInt(expected, 16));
  }

  @Test
  void nanStaysNanWithItsSign() {
    // Its payload is in the half that BF16 drops.
    float nan = Float.intBitsToFloat(0xFF80_0001);
    assertThat(encode(new Bf16Encoder(), nan)).isGreaterThan(0xFF80);
    assertThat(encode(new F16Encoder(), nan)).isGreaterThan(0xFC00);
  }

  private static int encode(BlockEncoder encoder, float value) {
    MemorySegment dst = MemorySegment.ofArray(new byte[2]);
    encoder.encode(new float[] {value}, 0, dst, 0, 1);
    return LittleEndian.unsignedShort(dst, 0);
  }
}
