package dev.chaski.kernels.tornado;

import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.Weight;
import dev.chaski.kernels.WeightScale;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/** A weight that goes to the device when it is first used. */
final class TornadoWeight implements Weight {
  /**
   * Some rows of a weight on the device.
   *
   * @param place where they are
   * @param firstRow of them
   * @param rows how many
   */
  record Part(WeightArrays.Place place, int firstRow, int rows) {}

  private final TensorType type;
  private final int rows;
  private final int columns;
  private final MemorySegment data;
  private final Optional<WeightScale> scale;
  private List<Part> parts = List.of(); // empty until it is on the device
  private WeightArrays.Place scales;

  TornadoWeight(
      TensorType type, int rows, int columns, MemorySegment data, Optional<WeightScale> scale) {
    this.type = type;
    this.rows = rows;
    this.columns = columns;
    this.data = data;
    this.scale = scale;
  }

  @Override
  public TensorType type() {
    return type;
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int columns() {
    return columns;
  }

  MemorySegment data() {
    return data;
  }

  Optional<WeightScale> scale() {
    return scale;
  }

  boolean isOnDevice() {
    return !parts.isEmpty();
  }

  List<Part> parts() {
    return parts;
  }

  /** Where its scales are, null if it has none on the device. */
  WeightArrays.Place scales() {
    return scales;
  }

  void put(List<Part> parts, WeightArrays.Place scales) {
    this.parts = List.copyOf(parts);
    this.scales = scales;
  }
}
