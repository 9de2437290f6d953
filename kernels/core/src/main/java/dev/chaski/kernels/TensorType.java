package dev.chaski.kernels;

import dev.chaski.kernels.quant.Bf16Decoder;
import dev.chaski.kernels.quant.Bf16Encoder;
import dev.chaski.kernels.quant.BlockDecoder;
import dev.chaski.kernels.quant.BlockEncoder;
import dev.chaski.kernels.quant.F16Decoder;
import dev.chaski.kernels.quant.F16Encoder;
import dev.chaski.kernels.quant.F32Decoder;
import dev.chaski.kernels.quant.F32Encoder;
import dev.chaski.kernels.quant.F8E4m3Decoder;
import dev.chaski.kernels.quant.IQ1_MDecoder;
import dev.chaski.kernels.quant.IQ1_SDecoder;
import dev.chaski.kernels.quant.IQ2_SDecoder;
import dev.chaski.kernels.quant.IQ2_XSDecoder;
import dev.chaski.kernels.quant.IQ2_XXSDecoder;
import dev.chaski.kernels.quant.IQ3_SDecoder;
import dev.chaski.kernels.quant.IQ3_XXSDecoder;
import dev.chaski.kernels.quant.IQ4_NLDecoder;
import dev.chaski.kernels.quant.IQ4_XSDecoder;
import dev.chaski.kernels.quant.MXFP4Decoder;
import dev.chaski.kernels.quant.Q2_KDecoder;
import dev.chaski.kernels.quant.Q3_KDecoder;
import dev.chaski.kernels.quant.Q4_0Decoder;
import dev.chaski.kernels.quant.Q4_0Encoder;
import dev.chaski.kernels.quant.Q4_1Decoder;
import dev.chaski.kernels.quant.Q4_1Encoder;
import dev.chaski.kernels.quant.Q4_KDecoder;
import dev.chaski.kernels.quant.Q4_KEncoder;
import dev.chaski.kernels.quant.Q5_0Decoder;
import dev.chaski.kernels.quant.Q5_0Encoder;
import dev.chaski.kernels.quant.Q5_1Decoder;
import dev.chaski.kernels.quant.Q5_1Encoder;
import dev.chaski.kernels.quant.Q5_KDecoder;
import dev.chaski.kernels.quant.Q5_KEncoder;
import dev.chaski.kernels.quant.Q6_KDecoder;
import dev.chaski.kernels.quant.Q6_KEncoder;
import dev.chaski.kernels.quant.Q8_0Decoder;
import dev.chaski.kernels.quant.Q8_0Encoder;
import dev.chaski.kernels.quant.TQ1_0Decoder;
import dev.chaski.kernels.quant.TQ2_0Decoder;
import java.util.Optional;

/**
 * How the values of a weight are stored. Named as ggml names them; ids and sizes are those of
 * {@code ggml_type} and its block structs.
 */
public enum TensorType {
  F32(0, 1, 4, new F32Decoder(), new F32Encoder()),
  F16(1, 1, 2, new F16Decoder(), new F16Encoder()),
  Q4_0(2, Q4_0Decoder.BLOCK_SIZE, Q4_0Decoder.BLOCK_BYTES, new Q4_0Decoder(), new Q4_0Encoder()),
  Q4_1(3, Q4_1Decoder.BLOCK_SIZE, Q4_1Decoder.BLOCK_BYTES, new Q4_1Decoder(), new Q4_1Encoder()),
  Q5_0(6, Q5_0Decoder.BLOCK_SIZE, Q5_0Decoder.BLOCK_BYTES, new Q5_0Decoder(), new Q5_0Encoder()),
  Q5_1(7, Q5_1Decoder.BLOCK_SIZE, Q5_1Decoder.BLOCK_BYTES, new Q5_1Decoder(), new Q5_1Encoder()),
  Q8_0(8, Q8_0Decoder.BLOCK_SIZE, Q8_0Decoder.BLOCK_BYTES, new Q8_0Decoder(), new Q8_0Encoder()),
  Q2_K(10, Q2_KDecoder.BLOCK_SIZE, Q2_KDecoder.BLOCK_BYTES, new Q2_KDecoder()),
  Q3_K(11, Q3_KDecoder.BLOCK_SIZE, Q3_KDecoder.BLOCK_BYTES, new Q3_KDecoder()),
  Q4_K(12, Q4_KDecoder.BLOCK_SIZE, Q4_KDecoder.BLOCK_BYTES, new Q4_KDecoder(), new Q4_KEncoder()),
  Q5_K(13, Q5_KDecoder.BLOCK_SIZE, Q5_KDecoder.BLOCK_BYTES, new Q5_KDecoder(), new Q5_KEncoder()),
  Q6_K(14, Q6_KDecoder.BLOCK_SIZE, Q6_KDecoder.BLOCK_BYTES, new Q6_KDecoder(), new Q6_KEncoder()),
  IQ2_XXS(16, IQ2_XXSDecoder.BLOCK_SIZE, IQ2_XXSDecoder.BLOCK_BYTES, new IQ2_XXSDecoder()),
  IQ2_XS(17, IQ2_XSDecoder.BLOCK_SIZE, IQ2_XSDecoder.BLOCK_BYTES, new IQ2_XSDecoder()),
  IQ3_XXS(18, IQ3_XXSDecoder.BLOCK_SIZE, IQ3_XXSDecoder.BLOCK_BYTES, new IQ3_XXSDecoder()),
  IQ1_S(19, IQ1_SDecoder.BLOCK_SIZE, IQ1_SDecoder.BLOCK_BYTES, new IQ1_SDecoder()),
  IQ4_NL(20, IQ4_NLDecoder.BLOCK_SIZE, IQ4_NLDecoder.BLOCK_BYTES, new IQ4_NLDecoder()),
  IQ3_S(21, IQ3_SDecoder.BLOCK_SIZE, IQ3_SDecoder.BLOCK_BYTES, new IQ3_SDecoder()),
  IQ2_S(22, IQ2_SDecoder.BLOCK_SIZE, IQ2_SDecoder.BLOCK_BYTES, new IQ2_SDecoder()),
  IQ4_XS(23, IQ4_XSDecoder.BLOCK_SIZE, IQ4_XSDecoder.BLOCK_BYTES, new IQ4_XSDecoder()),
  IQ1_M(29, IQ1_MDecoder.BLOCK_SIZE, IQ1_MDecoder.BLOCK_BYTES, new IQ1_MDecoder()),
  BF16(30, 1, 2, new Bf16Decoder(), new Bf16Encoder()),
  TQ1_0(34, TQ1_0Decoder.BLOCK_SIZE, TQ1_0Decoder.BLOCK_BYTES, new TQ1_0Decoder()),
  TQ2_0(35, TQ2_0Decoder.BLOCK_SIZE, TQ2_0Decoder.BLOCK_BYTES, new TQ2_0Decoder()),
  MXFP4(39, MXFP4Decoder.BLOCK_SIZE, MXFP4Decoder.BLOCK_BYTES, new MXFP4Decoder()),

  /**
   * FP8 of Hugging Face checkpoints, four bits of exponent and three of mantissa; its scales are
   * tensors of their own. Not a type of GGUF.
   */
  F8_E4M3(TensorType.NOT_IN_GGUF, 1, 1, new F8E4m3Decoder());

  private static final int NOT_IN_GGUF = -1;

  private final int ggmlId;
  private final int blockSize;
  private final int bytesPerBlock;
  private final BlockDecoder decoder;
  private final Optional<BlockEncoder> encoder;

  TensorType(int ggmlId, int blockSize, int bytesPerBlock, BlockDecoder decoder) {
    this(ggmlId, blockSize, bytesPerBlock, decoder, null);
  }

  TensorType(
      int ggmlId, int blockSize, int bytesPerBlock, BlockDecoder decoder, BlockEncoder encoder) {
    this.ggmlId = ggmlId;
    this.blockSize = blockSize;
    this.bytesPerBlock = bytesPerBlock;
    this.decoder = decoder;
    this.encoder = Optional.ofNullable(encoder);
  }

  /** The type with this {@code ggml_type} number, if it is one we can read. */
  public static Optional<TensorType> fromGgmlId(int id) {
    for (TensorType type : values()) {
      if (type.ggmlId == id && id != NOT_IN_GGUF) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** The {@code ggml_type} number, as GGUF files store it; -1 if they cannot. */
  public int ggmlId() {
    return ggmlId;
  }

  /** Whether GGUF files can store it. */
  public boolean isInGguf() {
    return ggmlId != NOT_IN_GGUF;
  }

  /** Values in one block; rows are whole blocks. */
  public int blockSize() {
    return blockSize;
  }

  /** Bytes of one block. */
  public int bytesPerBlock() {
    return bytesPerBlock;
  }

  /** Average storage of one value, in bits. */
  public double bitsPerWeight() {
    return 8.0 * bytesPerBlock / blockSize;
  }

  /**
   * Bytes that {@code values} values take.
   *
   * @throws IllegalArgumentException if {@code values} is negative or not whole blocks
   * @throws ArithmeticException if the result does not fit a long
   */
  public long byteSize(long values) {
    if (values < 0 || values % blockSize != 0) {
      throw new IllegalArgumentException(
          name() + " stores blocks of " + blockSize + " values, " + values + " is not a multiple");
    }
    return Math.multiplyExact(values / blockSize, bytesPerBlock);
  }

  /** The scalar decoder, which specifies the format. */
  public BlockDecoder decoder() {
    return decoder;
  }

  /** The encoder, where we can write the type. */
  public Optional<BlockEncoder> encoder() {
    return encoder;
  }
}
