package dev.chaski.kernels.tornado;

import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.WeightScale;
import dev.chaski.kernels.tornado.program.Chunks;
import java.util.Optional;

/**
 * How a weight lies on the device.
 *
 * @param variant what its kernels are compiled for
 * @param element of the arrays it lies in
 * @param expanded whether it is stored as floats, because no kernel reads its type
 */
record DeviceFormat(int variant, WeightArrays.Element element, boolean expanded) {
  private static final DeviceFormat EXPANDED =
      new DeviceFormat(Chunks.F32, WeightArrays.Element.FLOATS, true);

  /** The format of a weight of this type, if its scales are the kernels' to apply. */
  static DeviceFormat of(TensorType type, Optional<WeightScale> scale) {
    if (scale.isPresent() && !kernelsApply(type, scale.get())) {
      return EXPANDED;
    }
    return switch (type) {
      case F32 -> new DeviceFormat(Chunks.F32, WeightArrays.Element.FLOATS, false);
      case F16 -> new DeviceFormat(Chunks.F16, WeightArrays.Element.SHORTS, false);
      case BF16 -> new DeviceFormat(Chunks.BF16, WeightArrays.Element.SHORTS, false);
      case Q8_0 -> new DeviceFormat(Chunks.Q8_0, WeightArrays.Element.SHORTS, false);
      case Q4_0 -> new DeviceFormat(Chunks.Q4_0, WeightArrays.Element.SHORTS, false);
      case Q4_K -> new DeviceFormat(Chunks.Q4_K, WeightArrays.Element.SHORTS, false);
      case Q6_K -> new DeviceFormat(Chunks.Q6_K, WeightArrays.Element.SHORTS, false);
      case F8_E4M3 -> new DeviceFormat(Chunks.F8_E4M3, WeightArrays.Element.BYTES, false);
      case Q4_1,
          Q5_0,
          Q5_1,
          Q2_K,
          Q3_K,
          Q5_K,
          IQ2_XXS,
          IQ2_XS,
          IQ3_XXS,
          IQ1_S,
          IQ4_NL,
          IQ3_S,
          IQ2_S,
          IQ4_XS,
          IQ1_M,
          TQ1_0,
          TQ2_0,
          MXFP4 ->
          EXPANDED;
    };
  }

  /** Scales for each row or block of whole chunks, of a type that has room for them. */
  private static boolean kernelsApply(TensorType type, WeightScale scale) {
    boolean wholeChunks = scale.blocks() == 1 || scale.blockColumns() % Chunks.SIZE == 0;
    return wholeChunks && (type == TensorType.F8_E4M3 || type == TensorType.Q8_0);
  }

  /** Bytes of a weight on the device, without scales. */
  long byteSize(TensorType type, int rows, int columns) {
    return expanded ? 4L * rows * columns : rows * type.byteSize(columns);
  }
}
