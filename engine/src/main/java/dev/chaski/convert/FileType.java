package dev.chaski.convert;

import dev.chaski.kernels.TensorType;

/**
 * How the weights of a whole file are stored: most matrices in one type, some in a better one
 * because the model suffers most from their errors. Names and numbers are those of llama.cpp's
 * {@code llama_ftype}, and so are the choices, see {@link QuantizationPlan#of}. But {@link #Q4_K}
 * and {@link #Q5_K} are plain types here, where {@code llama-quantize} takes them for {@code
 * Q4_K_M} and {@code Q5_K_M}.
 */
public enum FileType {
  F32(0, TensorType.F32, Mix.PLAIN),
  F16(1, TensorType.F16, Mix.PLAIN),
  BF16(32, TensorType.BF16, Mix.PLAIN),
  Q8_0(7, TensorType.Q8_0, Mix.PLAIN),
  Q4_0(2, TensorType.Q4_0, Mix.PLAIN),
  Q4_1(3, TensorType.Q4_1, Mix.PLAIN),
  Q5_0(8, TensorType.Q5_0, Mix.PLAIN),
  Q5_1(9, TensorType.Q5_1, Mix.PLAIN),
  Q4_K(14, TensorType.Q4_K, Mix.PLAIN),
  Q4_K_S(14, TensorType.Q4_K, Mix.SMALL),
  Q4_K_M(15, TensorType.Q4_K, Mix.MEDIUM),
  Q5_K(16, TensorType.Q5_K, Mix.PLAIN),
  Q5_K_S(16, TensorType.Q5_K, Mix.SMALL),
  Q5_K_M(17, TensorType.Q5_K, Mix.MEDIUM),
  Q6_K(18, TensorType.Q6_K, Mix.PLAIN);

  /** How many matrices of the blocks get a better type. */
  enum Mix {
    PLAIN,
    SMALL,
    MEDIUM
  }

  private final int id;
  private final TensorType tensorType;
  private final Mix mix;

  FileType(int id, TensorType tensorType, Mix mix) {
    this.id = id;
    this.tensorType = tensorType;
    this.mix = mix;
  }

  /** The number that files carry as {@code general.file_type}. */
  public int id() {
    return id;
  }

  /** The type of most matrices. */
  public TensorType tensorType() {
    return tensorType;
  }

  Mix mix() {
    return mix;
  }
}
