package dev.chaski.kernels;

import dev.chaski.kernels.quant.Bf16Decoder;
import dev.chaski.kernels.quant.BlockDecoder;
import dev.chaski.kernels.quant.F16Decoder;
import dev.chaski.kernels.quant.F32Decoder;
import dev.chaski.kernels.quant.Q4_0Decoder;
import dev.chaski.kernels.quant.Q8_0Decoder;
import java.util.Optional;

/**
 * How the values of a weight are stored. Named as ggml names them; ids and sizes are those of
 * {@code ggml_type} and its block structs.
 */
public enum TensorType {
  F32(0, 1, 4, new F32Decoder()),
  F16(1, 1, 2, new F16Decoder()),
  Q4_0(2, Q4_0Decoder.BLOCK_SIZE, Q4_0Decoder.BLOCK_BYTES, new Q4_0Decoder()),
  Q8_0(8, Q8_0Decoder.BLOCK_SIZE, Q8_0Decoder.BLOCK_BYTES, new Q8_0Decoder()),
  BF16(30, 1, 2, new Bf16Decoder());

  private final int ggmlId;
  private final int blockSize;
  private final int bytesPerBlock;
  private final BlockDecoder decoder;

  TensorType(int ggmlId, int blockSize, int bytesPerBlock, BlockDecoder decoder) {
    this.ggmlId = ggmlId;
    this.blockSize = blockSize;
    this.bytesPerBlock = bytesPerBlock;
    this.decoder = decoder;
  }

  /** The type with this {@code ggml_type} number, if it is one we can read. */
  public static Optional<TensorType> fromGgmlId(int id) {
    for (TensorType type : values()) {
      if (type.ggmlId == id) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** The {@code ggml_type} number, as GGUF files store it. */
  public int ggmlId() {
    return ggmlId;
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
}
