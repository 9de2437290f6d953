package dev.chaski.kernels.vector;

import dev.chaski.kernels.TensorType;
import java.util.EnumMap;
import java.util.Map;

/** The kernels of each weight type. */
final class VectorFormats {
  private final Map<TensorType, VectorFormat> formats = new EnumMap<>(TensorType.class);

  VectorFormats() {
    for (TensorType type : TensorType.values()) {
      formats.put(type, new DecodedFormat(type.decoder()));
    }
    formats.put(TensorType.F32, new F32Format());
    formats.put(TensorType.F16, new F16Format());
    formats.put(TensorType.BF16, new Bf16Format());
    formats.put(TensorType.Q8_0, new Q8_0Format());
    formats.put(TensorType.Q4_0, new Q4_0Format());
  }

  VectorFormat of(TensorType type) {
    return formats.get(type);
  }
}
