package dev.chaski.safetensors;

import dev.chaski.kernels.TensorType;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How a tensor of a safetensors file stores its values. Names and sizes are those of the format
 * ({@code Dtype} of the safetensors library, 0.6); only some of them are weights we can use.
 */
public enum SafetensorsType {
  BOOL(8),
  F4(4),
  F6_E2M3(6),
  F6_E3M2(6),
  U8(8),
  I8(8),
  F8_E5M2(8),
  F8_E4M3(8, TensorType.F8_E4M3),
  F8_E8M0(8),
  I16(16),
  U16(16),
  F16(16, TensorType.F16),
  BF16(16, TensorType.BF16),
  I32(32),
  U32(32),
  F32(32, TensorType.F32),
  C64(64),
  F64(64),
  I64(64),
  U64(64);

  private final int bits;
  private final Optional<TensorType> tensorType;

  SafetensorsType(int bits) {
    this(bits, null);
  }

  SafetensorsType(int bits, TensorType tensorType) {
    this.bits = bits;
    this.tensorType = Optional.ofNullable(tensorType);
  }

  /** The type with this name in a file. */
  public static Optional<SafetensorsType> fromName(String name) {
    return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
  }

  /** Names of the types we can use, for messages: {@code F8_E4M3, F16, BF16, F32}. */
  public static String supported() {
    return Arrays.stream(values())
        .filter(type -> type.tensorType.isPresent())
        .map(Enum::name)
        .collect(Collectors.joining(", "));
  }

  /** Size of one value. */
  public int bits() {
    return bits;
  }

  /** The same type as kernels know it, if they do. */
  public Optional<TensorType> tensorType() {
    return tensorType;
  }
}
