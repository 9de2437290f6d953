package dev.chaski.kernels.quant;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class IqGridTest {
  /** Checksums of ggml's tables, each point as eight bytes, taken from its Python package. */
  @ParameterizedTest
  @CsvSource({
    "IQ1_S, 8, 2048, b85e6ccf",
    "IQ2_XXS, 8, 256, 9924ff02",
    "IQ2_XS, 8, 512, fa1e1bfd",
    "IQ2_S, 8, 1024, 25ae5bf1",
    "IQ3_XXS, 4, 256, 02d7b5c2",
    "IQ3_S, 4, 512, 42b41739"
  })
  void holdsThePointsOfGgml(IqGrid grid, int dimensions, int size, String crc) {
    assertThat(grid.dimensions()).isEqualTo(dimensions);
    assertThat(grid.size()).isEqualTo(size);
    ByteBuffer bytes = ByteBuffer.allocate(8 * size).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(grid.points());
    CRC32 sum = new CRC32();
    sum.update(bytes);
    assertThat(sum.getValue()).isEqualTo(Long.parseLong(crc, 16));
  }

  @ParameterizedTest
  @EnumSource(IqGrid.class)
  void copiesAreTheCallersOwn(IqGrid grid) {
    long[] points = grid.points();
    long first = grid.point(0);
    assertThat(points[0]).isEqualTo(first);
    Arrays.fill(points, ~first);
    assertThat(grid.point(0)).isEqualTo(first);
  }

  /** With 8, 25, 43 as 1, 3, 5: E8, scaled by 2, has the points whose sum is a multiple of 4. */
  @ParameterizedTest
  @EnumSource(names = {"IQ2_XXS", "IQ2_XS", "IQ2_S"})
  void pointsOfTheTwoBitGridsLieInE8(IqGrid grid) {
    for (long point : grid.points()) {
      int sum = 0;
      for (int i = 0; i < 8; i++) {
        int level = (int) (point >> (8 * i)) & 0xFF;
        sum += Math.round(level / 8.5f);
      }
      assertThat(sum % 4).isZero();
    }
  }

  @Test
  void signsAreEvenInNumberAndKeepTheirCode() {
    for (int code = 0; code < 128; code++) {
      int signs = IqGrid.evenSigns(code);
      assertThat(signs & 0x7F).isEqualTo(code);
      assertThat(Integer.bitCount(signs) % 2).isZero();
      assertThat(signs).isBetween(0, 255);
    }
  }
}
