package dev.chaski.kernels.quant;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Float8Test {
  @ParameterizedTest
  @CsvSource({
    "0x00, 0",
    "0x01, 0.001953125", // 2^-9
    "0x07, 0.013671875", // 7 * 2^-9
    "0x08, 0.015625", // 2^-6
    "0x38, 1",
    "0x39, 1.125",
    "0x7E, 448",
    "0x7F, NaN",
    "0xB8, -1",
    "0xFE, -448",
    "0xFF, NaN"
  })
  void decodesE4m3(String code, Float value) {
    assertThat(Float8.e4m3ToFloat(Integer.decode(code).byteValue())).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({
    "0x00, 0",
    "0x01, 1.52587890625e-5", // 2^-16
    "0x04, 6.103515625e-5", // 2^-14
    "0x3C, 1",
    "0x7B, 57344",
    "0x7C, Infinity",
    "0x7D, NaN",
    "0xFB, -57344",
    "0xFC, -Infinity"
  })
  void decodesE5m2(String code, Float value) {
    assertThat(Float8.e5m2ToFloat(Integer.decode(code).byteValue())).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({
    "448, 0x7E",
    "464, 0x7E", // halfway to a 480 that does not exist
    "1e30, 0x7E",
    "-Infinity, 0xFE",
    "NaN, 0x7F",
    "-0.0, 0x80",
    "1.0625, 0x38", // tie between 1 and 1.125
    "1.1875, 0x3A", // tie between 1.125 and 1.25
    "1.06250012, 0x39",
    "0.0009765625, 0x00", // tie between 0 and 2^-9
    "0.0009765626, 0x01",
    "0.0029296875, 0x02", // tie between 2^-9 and 2^-8
    "0.0151367188, 0x08", // rounds up to the smallest normal number
    "1e-45, 0x00",
    "-1e-45, 0x80"
  })
  void encodesE4m3(float value, String code) {
    assertThat(Float8.floatToE4m3(value)).isEqualTo(Integer.decode(code).byteValue());
  }

  @ParameterizedTest
  @CsvSource({
    "57344, 0x7B",
    "65536, 0x7B",
    "3.4e38, 0x7B",
    "Infinity, 0x7C",
    "-Infinity, 0xFC",
    "NaN, 0x7F",
    "-0.0, 0x80",
    "1.125, 0x3C", // tie between 1 and 1.25
    "1.375, 0x3E", // tie between 1.25 and 1.5
    "7.62939453125e-6, 0x00", // tie between 0 and 2^-16
    "7.6293955e-6, 0x01"
  })
  void encodesE5m2(float value, String code) {
    assertThat(Float8.floatToE5m2(value)).isEqualTo(Integer.decode(code).byteValue());
  }

  @Test
  void encodingADecodedNumberGivesItsCodeBack() {
    for (int code = 0; code < 256; code++) {
      float e4m3 = Float8.e4m3ToFloat((byte) code);
      if (!Float.isNaN(e4m3)) {
        assertThat(Float8.floatToE4m3(e4m3)).isEqualTo((byte) code);
      }
      float e5m2 = Float8.e5m2ToFloat((byte) code);
      if (!Float.isNaN(e5m2)) {
        assertThat(Float8.floatToE5m2(e5m2)).isEqualTo((byte) code);
      }
    }
  }

  @Test
  void nanKeepsItsSign() {
    float negativeNan = Float.intBitsToFloat(0xFFC0_0000);
    assertThat(Float8.floatToE4m3(negativeNan)).isEqualTo((byte) 0xFF);
    assertThat(Float8.floatToE5m2(negativeNan)).isEqualTo((byte) 0xFF);
  }

  @Test
  void decodesSharedTables() throws IOException {
    Path folder = SharedVectors.folder("fp8");
    byte[] codes = new byte[256];
    float[] e5m2 = new float[256];
    for (int code = 0; code < 256; code++) {
      codes[code] = (byte) code;
      e5m2[code] = Float8.e5m2ToFloat((byte) code);
    }
    float[] e4m3 = new float[256];
    new F8E4m3Decoder().decode(MemorySegment.ofArray(codes), 0, e4m3, 0, 256);
    GoldenBlocks.assertSameNumbers(e4m3, SharedVectors.floats(folder.resolve("e4m3fn.f32")));
    GoldenBlocks.assertSameNumbers(e5m2, SharedVectors.floats(folder.resolve("e5m2.f32")));
  }

  @Test
  void encodesSharedVectors() throws IOException {
    Path folder = SharedVectors.folder("fp8");
    float[] values = SharedVectors.floats(folder.resolve("e4m3fn_encode_in.f32"));
    byte[] codes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      codes[i] = Float8.floatToE4m3(values[i]);
    }
    assertThat(codes).isEqualTo(SharedVectors.bytes(folder.resolve("e4m3fn_encode_out.bin")));

    values = SharedVectors.floats(folder.resolve("e5m2_encode_in.f32"));
    codes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      codes[i] = Float8.floatToE5m2(values[i]);
    }
    assertThat(codes).isEqualTo(SharedVectors.bytes(folder.resolve("e5m2_encode_out.bin")));
  }

  @Test
  void f8DecoderHonoursOffsets() {
    float[] dst = {5, 5, 5, 5};
    byte[] codes = {0x7F, 0x38, (byte) 0xC0, 0x7F};
    new F8E4m3Decoder().decode(MemorySegment.ofArray(codes), 1, dst, 1, 2);
    assertThat(dst).containsExactly(5, 1, -2, 5);
  }
}
