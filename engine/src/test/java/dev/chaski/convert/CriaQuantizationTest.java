package dev.chaski.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.chaski.SharedFiles;
import dev.chaski.gguf.GgufFile;
import dev.chaski.gguf.GgufTensor;
import dev.chaski.kernels.TensorType;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A trained model, whose weights and activations are as those of larger ones. */
@TestInstance(Lifecycle.PER_CLASS)
class CriaQuantizationTest {
  private static final long CRC_OF_THE_SOURCE = 0x124C9BB7L;

  /** A question and its answer, a wish for a story and one, in the chat layout; a plain story. */
  private static final List<int[]> TEXTS =
      List.of(
          new int[] {
            2032, 2034, 274, 2035, 256, 342, 283, 278, 345, 302, 443, 257, 84, 30, 2036, 2034, 275,
            2035, 256, 318, 345, 302, 443, 257, 84, 283, 438, 1245, 13
          },
          new int[] {
            2032, 2034, 274, 2035, 256, 717, 368, 261, 1146, 682, 670, 261, 737, 13, 2036, 2034,
            275, 2035, 256, 547, 548, 261, 479, 568, 356, 261, 727, 737, 459, 1757, 13, 689, 458,
            309, 261, 561, 1520, 13, 457, 711, 11, 1757, 356, 1381, 308, 319, 899, 261, 559, 578,
            400, 584, 721, 278, 1257, 13, 1757, 700, 1297, 905, 307, 276, 768, 261, 850, 13, 689
          },
          new int[] {
            2032, 547, 548, 261, 479, 568, 356, 261, 1463, 1130, 459, 1757, 13, 1757, 458, 309, 261,
            561, 1520, 13, 457, 711, 11, 1757, 356, 1381, 308, 319, 899, 261, 559, 578, 400, 584,
            721, 278, 1257, 13, 1757, 700, 1297, 905, 307, 276, 768, 261, 850, 13, 689, 1322, 288,
            437, 328, 1757, 278, 1041, 13
          });

  @TempDir private Path folder;
  private Path source;
  private float[][] logits; // (all positions of the texts, vocabulary)

  @BeforeAll
  void open() throws IOException {
    source = SharedFiles.require("models/cria/cria-f16.gguf");
    logits = logits(source);
  }

  /**
   * Checksums of all tensors, in the order of the source, of files that llama_model_quantize of
   * llama.cpp 0.5.0 wrote from the same source: not one bit differs.
   */
  @ParameterizedTest
  @CsvSource({
    "F32, D8B12E3E", "F16, 124C9BB7", "BF16, 225C00F2", "Q8_0, 6836AFEA", "Q4_0, 32D1C655",
    "Q4_1, E00E1A49", "Q5_0, 9A5A7B92", "Q5_1, EFF4C09C", "Q4_K_S, 772439B2", "Q4_K_M, 8DF40A6B",
    "Q5_K_S, 2725AB0C", "Q5_K_M, C662380C", "Q6_K, 4DD0325D"
  })
  void tensorsAreThoseThatLlamaCppWrites(FileType fileType, String crc) throws IOException {
    assumeTrue(checksum(source) == CRC_OF_THE_SOURCE, "Cria has been trained on since");
    Path target = Quantized.write(source, fileType, folder.resolve(fileType + ".gguf"));
    assertThat("%08X".formatted(checksum(target))).isEqualTo(crc);
  }

  /**
   * The divergence grows with the square of the weights' error e, because it is zero and smallest
   * at e = 0. For this model it is 2.4 to 4.3 e², for every type from 4 to 16 bits.
   */
  @ParameterizedTest
  @EnumSource
  void answersStayAsCloseAsTheWeights(FileType fileType) throws IOException {
    Path target = Quantized.write(source, fileType, folder.resolve("out.gguf"));
    double error = WeightError.of(target, source);
    LogitsDistance distance = LogitsDistance.between(logits, logits(target));
    assertThat(error).as("weights").isLessThanOrEqualTo(WeightError.normal(fileType));
    assertThat(distance.relative()).as("logits").isLessThanOrEqualTo(3 * error);
    assertThat(distance.kl()).as("divergence").isLessThanOrEqualTo(8 * error * error + 1e-12);
  }

  /**
   * The Q8_0 file beside the F16 one was made from the float32 weights before they were rounded to
   * F16. That moves a value by 2^-11 of itself at most, so: scales by one step of F16; values by
   * 127 * 2^-11 steps, as does the scale they are divided by; together an eighth of a step, which
   * changes a code, by one, only where the value was so near to the middle between two.
   */
  @Test
  void theQ8FileOfTheSameModelDiffersByTheRoundingOfItsSource() throws IOException {
    Path theirs = SharedFiles.require("models/cria/cria-q8_0.gguf");
    Path ours = Quantized.write(source, FileType.Q8_0, folder.resolve("q8_0.gguf"));
    try (GgufFile original = GgufFile.open(source);
        GgufFile expected = GgufFile.open(theirs);
        GgufFile actual = GgufFile.open(ours)) {
      for (GgufTensor tensor : expected.tensors()) {
        GgufTensor mine = actual.tensor(tensor.name()).orElseThrow();
        assertThat(mine.type()).as(tensor.name()).isEqualTo(tensor.type());
        assertThat(mine.shape()).as(tensor.name()).isEqualTo(tensor.shape());
        if (tensor.type() == TensorType.Q8_0) {
          compareBlocks(
              mine, tensor, WeightError.values(original.tensor(tensor.name()).orElseThrow()));
        } else {
          assertThat(mine.data().mismatch(tensor.data())).as(tensor.name()).isEqualTo(-1);
        }
      }
    }
  }

  private static float[][] logits(Path file) throws IOException {
    List<float[]> rows = new ArrayList<>();
    for (int[] text : TEXTS) {
      rows.addAll(List.of(LogitsDistance.logits(file, text)));
    }
    return rows.toArray(float[][]::new);
  }

  private static void compareBlocks(GgufTensor actual, GgufTensor expected, float[] weights) {
    ValueLayout.OfShort half = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    for (int block = 0; block < weights.length / 32; block++) {
      long at = 34L * block;
      int scaleBits = actual.data().get(half, at);
      assertThat(scaleBits - expected.data().get(half, at))
          .as("scale of block %d of %s", block, actual.name())
          .isBetween(-1, 1);
      float largest = 0;
      for (int i = 0; i < 32; i++) {
        largest = Math.max(largest, Math.abs(weights[32 * block + i]));
      }
      for (int i = 0; i < 32; i++) {
        int code = actual.data().get(ValueLayout.JAVA_BYTE, at + 2 + i);
        int theirs = expected.data().get(ValueLayout.JAVA_BYTE, at + 2 + i);
        if (code != theirs) {
          double steps = weights[32 * block + i] * 127.0 / largest;
          assertThat(Math.abs(steps - (code + theirs) / 2.0))
              .as("%s to code %d or %d", steps, code, theirs)
              .isLessThan(127 * 0x1p-10);
          assertThat(Math.abs(code - theirs)).isEqualTo(1);
        }
      }
    }
  }

  private static long checksum(Path file) throws IOException {
    CRC32 crc = new CRC32();
    try (GgufFile gguf = GgufFile.open(file)) {
      gguf.tensors().forEach(tensor -> crc.update(tensor.data().toArray(ValueLayout.JAVA_BYTE)));
    }
    return crc.getValue();
  }
}
