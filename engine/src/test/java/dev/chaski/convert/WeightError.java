package dev.chaski.convert;

import dev.chaski.gguf.GgufFile;
import dev.chaski.gguf.GgufTensor;
import java.io.IOException;
import java.nio.file.Path;

/** How far the weights of a file are from those they were made of. */
final class WeightError {
  private WeightError() {}

  /** Root mean square error of all matrices together, as part of their root mean square value. */
  static double of(Path quantized, Path original) throws IOException {
    double errors = 0;
    double squares = 0;
    try (GgufFile actual = GgufFile.open(quantized);
        GgufFile expected = GgufFile.open(original)) {
      for (GgufTensor tensor : expected.tensors()) {
        if (tensor.shape().size() < 2) {
          continue;
        }
        float[] before = values(tensor);
        float[] after = values(actual.tensor(tensor.name()).orElseThrow());
        for (int i = 0; i < before.length; i++) {
          errors += Math.pow((double) after[i] - before[i], 2);
          squares += Math.pow(before[i], 2);
        }
      }
    }
    return Math.sqrt(errors / squares);
  }

  static float[] values(GgufTensor tensor) {
    float[] values = new float[Math.toIntExact(tensor.size())];
    tensor.type().decoder().decode(tensor.data(), 0, values, 0, values.length);
    return values;
  }

  /**
   * The largest error that is normal for weights of a bell-shaped distribution. Rounding to steps
   * of s makes an error of s/√12: of types without blocks, s is at most 2^-10 (F16) or 2^-7 (BF16)
   * of a value; of blocks it is the range of the block, about four standard deviations for 32
   * values, by the number of codes. Types with scales fitted to 32 or 16 values do better than
   * that; mixes have less than their main type.
   */
  static double normal(FileType fileType) {
    return switch (fileType) {
      case F32 -> 0;
      case F16 -> 0x1p-10 / Math.sqrt(12);
      case BF16 -> 0x1p-7 / Math.sqrt(12);
      case Q8_0 -> 4.6 / 254 / Math.sqrt(12) * 1.2;
      case Q6_K -> 0.021;
      case Q5_0 -> 4.6 / 32 / Math.sqrt(12) * 1.2;
      case Q5_1, Q5_K, Q5_K_S, Q5_K_M -> 4.1 / 31 / Math.sqrt(12) * 1.2;
      case Q4_0 -> 4.6 / 16 / Math.sqrt(12) * 1.2;
      case Q4_1, Q4_K, Q4_K_S, Q4_K_M -> 4.1 / 15 / Math.sqrt(12) * 1.2;
    };
  }
}
