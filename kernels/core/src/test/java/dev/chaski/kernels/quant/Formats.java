package dev.chaski.kernels.quant;

import java.util.List;

/** Every format with a decoder, and what ggml says of it. */
final class Formats {
  record Format(String name, int blockSize, int blockBytes, BlockDecoder decoder) {
    @Override
    public String toString() {
      return name;
    }
  }

  static final List<Format> ALL =
      List.of(
          new Format("F32", 1, 4, new F32Decoder()),
          new Format("F16", 1, 2, new F16Decoder()),
          new Format("BF16", 1, 2, new Bf16Decoder()),
          new Format("Q4_0", Q4_0Decoder.BLOCK_SIZE, Q4_0Decoder.BLOCK_BYTES, new Q4_0Decoder()),
          new Format("Q4_1", Q4_1Decoder.BLOCK_SIZE, Q4_1Decoder.BLOCK_BYTES, new Q4_1Decoder()),
          new Format("Q5_0", Q5_0Decoder.BLOCK_SIZE, Q5_0Decoder.BLOCK_BYTES, new Q5_0Decoder()),
          new Format("Q5_1", Q5_1Decoder.BLOCK_SIZE, Q5_1Decoder.BLOCK_BYTES, new Q5_1Decoder()),
          new Format("Q8_0", Q8_0Decoder.BLOCK_SIZE, Q8_0Decoder.BLOCK_BYTES, new Q8_0Decoder()),
          new Format("Q2_K", Q2_KDecoder.BLOCK_SIZE, Q2_KDecoder.BLOCK_BYTES, new Q2_KDecoder()),
          new Format("Q3_K", Q3_KDecoder.BLOCK_SIZE, Q3_KDecoder.BLOCK_BYTES, new Q3_KDecoder()),
          new Format("Q4_K", Q4_KDecoder.BLOCK_SIZE, Q4_KDecoder.BLOCK_BYTES, new Q4_KDecoder()),
          new Format("Q5_K", Q5_KDecoder.BLOCK_SIZE, Q5_KDecoder.BLOCK_BYTES, new Q5_KDecoder()),
          new Format("Q6_K", Q6_KDecoder.BLOCK_SIZE, Q6_KDecoder.BLOCK_BYTES, new Q6_KDecoder()),
          new Format(
              "IQ4_NL", IQ4_NLDecoder.BLOCK_SIZE, IQ4_NLDecoder.BLOCK_BYTES, new IQ4_NLDecoder()),
          new Format(
              "IQ4_XS", IQ4_XSDecoder.BLOCK_SIZE, IQ4_XSDecoder.BLOCK_BYTES, new IQ4_XSDecoder()),
          new Format(
              "IQ2_XXS",
              IQ2_XXSDecoder.BLOCK_SIZE,
              IQ2_XXSDecoder.BLOCK_BYTES,
              new IQ2_XXSDecoder()),
          new Format(
              "IQ2_XS", IQ2_XSDecoder.BLOCK_SIZE, IQ2_XSDecoder.BLOCK_BYTES, new IQ2_XSDecoder()),
          new Format(
              "IQ2_S", IQ2_SDecoder.BLOCK_SIZE, IQ2_SDecoder.BLOCK_BYTES, new IQ2_SDecoder()),
          new Format(
              "IQ3_XXS",
              IQ3_XXSDecoder.BLOCK_SIZE,
              IQ3_XXSDecoder.BLOCK_BYTES,
              new IQ3_XXSDecoder()),
          new Format(
              "IQ3_S", IQ3_SDecoder.BLOCK_SIZE, IQ3_SDecoder.BLOCK_BYTES, new IQ3_SDecoder()),
          new Format(
              "IQ1_S", IQ1_SDecoder.BLOCK_SIZE, IQ1_SDecoder.BLOCK_BYTES, new IQ1_SDecoder()),
          new Format(
              "IQ1_M", IQ1_MDecoder.BLOCK_SIZE, IQ1_MDecoder.BLOCK_BYTES, new IQ1_MDecoder()),
          new Format(
              "TQ1_0", TQ1_0Decoder.BLOCK_SIZE, TQ1_0Decoder.BLOCK_BYTES, new TQ1_0Decoder()),
          new Format(
              "TQ2_0", TQ2_0Decoder.BLOCK_SIZE, TQ2_0Decoder.BLOCK_BYTES, new TQ2_0Decoder()),
          new Format(
              "MXFP4", MXFP4Decoder.BLOCK_SIZE, MXFP4Decoder.BLOCK_BYTES, new MXFP4Decoder()));

  private Formats() {}

  static List<Format> all() {
    return ALL;
  }
}
