package dev.chaski.kernels.vector;

import dev.chaski.kernels.TensorType;
import java.util.EnumMap;
import java.util.Map;

/** The kernels of each weight type. */
final class VectorFormats {
  private final ThreadLocal<Unpacked> scratch = ThreadLocal.withInitial(Unpacked::new);
  private final Map<TensorType, VectorFormat> formats = new EnumMap<>(TensorType.class);

  VectorFormats() {
    for (TensorType type : TensorType.values()) {
      formats.put(type, new DecodedFormat(type.decoder()));
    }
    formats.put(TensorType.F32, new F32Format(scratch));
    formats.put(TensorType.F16, new F16Format(scratch));
    formats.put(TensorType.BF16, new Bf16Format(scratch));
    formats.put(TensorType.Q8_0, new Q8_0Format(scratch));
    formats.put(TensorType.Q4_0, new Q4_0Format(scratch));
    formats.put(TensorType.F8_E4M3, new F8E4m3Format(scratch));
    formats.put(TensorType.Q4_1, new Q4_1Format(scratch));
    formats.put(TensorType.Q5_0, new Q5_0Format(scratch));
    formats.put(TensorType.Q5_1, new Q5_1Format(scratch));
    formats.put(TensorType.Q2_K, new Q2_KFormat(scratch));
    formats.put(TensorType.Q3_K, new Q3_KFormat(scratch));
    formats.put(TensorType.Q4_K, new Q4_KFormat(scratch));
    formats.put(TensorType.Q5_K, new Q5_KFormat(scratch));
    formats.put(TensorType.Q6_K, new Q6_KFormat(scratch));
    formats.put(TensorType.IQ4_NL, new IQ4_NLFormat(scratch));
    formats.put(TensorType.IQ4_XS, new IQ4_XSFormat(scratch));
    formats.put(TensorType.IQ1_S, new IQ1_SFormat(scratch));
    formats.put(TensorType.IQ1_M, new IQ1_MFormat(scratch));
    formats.put(TensorType.IQ2_XXS, new IQ2_XXSFormat(scratch));
    formats.put(TensorType.IQ2_XS, new IQ2_XSFormat(scratch));
    formats.put(TensorType.IQ2_S, new IQ2_SFormat(scratch));
    formats.put(TensorType.IQ3_XXS, new IQ3_XXSFormat(scratch));
    formats.put(TensorType.IQ3_S, new IQ3_SFormat(scratch));
    formats.put(TensorType.TQ1_0, new TQ1_0Format(scratch));
    formats.put(TensorType.TQ2_0, new TQ2_0Format(scratch));
    formats.put(TensorType.MXFP4, new MXFP4Format(scratch));
  }

  VectorFormat of(TensorType type) {
    return formats.get(type);
  }
}
