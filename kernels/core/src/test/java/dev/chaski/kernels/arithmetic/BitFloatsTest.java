package dev.chaski.kernels.arithmetic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.kernels.quant.Float8;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The arithmetic of device kernels against the JDK's, and against our decoders. */
class BitFloatsTest {
  private static void assertSame(float actual, float expected, int bits) {
    // NaN has many bit patterns, of which arithmetic makes one.
    if (Float.isNaN(expected)) {
      assertThat(actual).as("bits %04x", bits).isNaN();
    } else {
      assertThat(Float.floatToRawIntBits(actual))
          .as("bits %04x: %s instead of %s", bits, actual, expected)
          .isEqualTo(Float.floatToRawIntBits(expected));
    }
  }

  @Test
  void everyHalfIsRead() {
    for (int bits = 0; bits < 0x10000; bits++) {
      assertSame(BitFloats.half(bits), Float.float16ToFloat((short) bits), bits);
    }
  }

  @Test
  void everyHalfIsReadByItsTable() {
    float[] tables = BitFloats.tables();
    for (int bits = 0; bits < 0x10000; bits++) {
      int at = BitFloats.HALF_BASES + ((bits >> 10) & 63);
      float actual = BitFloats.half(bits, tables[at], tables[at + BitFloats.HALF_ROWS]);
      assertSame(actual, Float.float16ToFloat((short) bits), bits);
    }
    assertThat(BitFloats.half(0xFFFF_3C01, 1f, 0x1p-10f)).isEqualTo(1 + 0x1p-10f);
    assertThat(tables).startsWith(BitFloats.powers());
  }

  @Test
  void everyFiniteHalfIsReadTheShortWay() {
    for (int bits = 0; bits < 0x10000; bits++) {
      float expected = Float.float16ToFloat((short) bits);
      if (Float.isFinite(expected)) {
        assertThat(BitFloats.finiteHalf(bits)).as("bits %04x", bits).isEqualTo(expected + 0f);
      }
    }
  }

  @Test
  void bitsAboveTheFormatAreIgnored() {
    assertThat(BitFloats.half(0xFFFF_3C00)).isEqualTo(1f);
    assertThat(BitFloats.finiteHalf(0xFFFF_3C00)).isEqualTo(1f);
    assertThat(BitFloats.e4m3(0xFFFF_FF38)).isEqualTo(1f);
    assertThat(BitFloats.bfloat16(0xFFFF_3F80, BitFloats.powers()[0x7F])).isEqualTo(1f);
  }

  @Test
  void everyHalfIsWrittenAsItWasRead() {
    for (int bits = 0; bits < 0x10000; bits++) {
      float value = Float.float16ToFloat((short) bits);
      int expected = value == 0 ? 0 : Float.floatToFloat16(value) & 0xFFFF;
      if (!Float.isNaN(value)) {
        assertThat(BitFloats.halfBits(value)).as("value %s", value).isEqualTo(expected);
      }
    }
    assertThat(BitFloats.halfBits(Float.NaN) & 0x7FFF).isEqualTo(0x7E00);
  }

  @Test
  void floatsBecomeTheNearestHalf() {
    SplittableRandom random = new SplittableRandom(20_240_723);
    for (int i = 0; i < 2_000_000; i++) {
      float value = Float.intBitsToFloat(random.nextInt());
      if (Float.isNaN(value) || value == 0) {
        continue;
      }
      int expected = Float.floatToFloat16(value) & 0xFFFF;
      int actual = BitFloats.halfBits(value);
      if (actual != expected) {
        assertThat(actual).as("value %s", value).isEqualTo(expected);
      }
    }
  }

  /** Halfway between neighbours, and a float to each side of that. */
  @Test
  void tiesGoToTheEvenHalf() {
    for (int bits = 0; bits < 0x7BFF; bits++) {
      float low = Float.float16ToFloat((short) bits);
      float high = Float.float16ToFloat((short) (bits + 1));
      float middle = (low + high) / 2;
      for (float value : new float[] {Math.nextDown(middle), middle, Math.nextUp(middle)}) {
        assertThat(BitFloats.halfBits(value))
            .as("value %s", value)
            .isEqualTo(Float.floatToFloat16(value) & 0xFFFF);
      }
    }
  }

  @Test
  void everyBfloat16IsRead() {
    float[] powers = BitFloats.powers();
    for (int bits = 0; bits < 0x10000; bits++) {
      float actual = BitFloats.bfloat16(bits, powers[(bits >> 7) & 255]);
      assertSame(actual, Float.intBitsToFloat(bits << 16), bits);
    }
  }

  @Test
  void everyFp8IsRead() {
    for (int bits = 0; bits < 256; bits++) {
      assertSame(BitFloats.e4m3(bits), Float8.e4m3ToFloat((byte) bits), bits);
    }
  }

  @Test
  void nearestTakesTiesAwayFromZero() {
    float[] values = {0, -0f, 0.5f, -0.5f, 0.49999997f, -0.49999997f, 1.5f, 2.5f, -2.5f, 126.7f};
    int[] nearest = {0, 0, 1, -1, 0, 0, 2, 3, -3, 127};
    for (int i = 0; i < values.length; i++) {
      assertThat(BitFloats.nearest(values[i])).as("%s", values[i]).isEqualTo(nearest[i]);
    }
  }
}
