package dev.chaski.kernels.tornado;

import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.WeightScale;
import dev.chaski.kernels.tornado.WeightArrays.Element;
import dev.chaski.kernels.tornado.program.DeviceMemory;
import dev.chaski.kernels.tornado.program.Recorder;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All weights. They wait until one is needed, so that the device's memory is planned for all of
 * them before the first is copied. Not thread-safe.
 */
final class DeviceWeights {
  private static final System.Logger LOG = System.getLogger(DeviceWeights.class.getName());

  /** Values that are decoded at a time: 8 MB. */
  private static final int DECODED_VALUES = 2 << 20;

  private final Map<Element, WeightArrays> arrays = new EnumMap<>(Element.class);
  private final List<WeakReference<TornadoWeight>> waiting = new ArrayList<>();
  private final Set<TensorType> expanded = EnumSet.noneOf(TensorType.class);
  private final int largestPart;
  private final DeviceMemory memory;

  /**
   * No weights.
   *
   * @param largestPart bytes of a part at most, if it has more than one row
   */
  DeviceWeights(int largestPart, DeviceMemory memory, Recorder recorder, Cleaner cleaner) {
    this.largestPart = largestPart;
    this.memory = memory;
    for (Element element : Element.values()) {
      arrays.put(element, new WeightArrays(element, largestPart, memory, recorder, cleaner));
    }
  }

  /** Takes a weight, whose data must stay where it is until it has been copied. */
  void add(TornadoWeight weight) {
    waiting.add(new WeakReference<>(weight));
    if (DeviceFormat.of(weight.type(), weight.scale()).expanded() && expanded.add(weight.type())) {
      LOG.log(
          Level.WARNING,
          "no device kernel reads {0} weights (with these scales, if any): they are stored as F32,"
              + " {1} times as large; F16, Q8_0, Q4_0, Q4_K and Q6_K stay as they are",
          weight.type(),
          "%.1f".formatted(32 / weight.type().bitsPerWeight()));
    }
  }

  /** Copies everything that waits, if {@code weight} is among it. */
  void bring(TornadoWeight weight) {
    if (weight.isOnDevice()) {
      return;
    }
    List<TornadoWeight> all = new ArrayList<>();
    for (WeakReference<TornadoWeight> reference : waiting) {
      TornadoWeight one = reference.get();
      if (one != null) {
        all.add(one);
      }
    }
    waiting.clear();
    Map<Element, List<Long>> sizes = new EnumMap<>(Element.class);
    for (TornadoWeight one : all) {
      addSizes(one, sizes);
    }
    memory.requireRoom(
        sizes.values().stream().flatMap(List::stream).mapToLong(Long::longValue).sum());
    sizes.forEach((element, list) -> arrays.get(element).reserve(list));
    all.forEach(this::upload);
  }

  /** Adds what a weight takes, in the order of {@link #upload}. */
  private void addSizes(TornadoWeight weight, Map<Element, List<Long>> sizes) {
    DeviceFormat format = DeviceFormat.of(weight.type(), weight.scale());
    List<Long> parts = sizes.computeIfAbsent(format.element(), _ -> new ArrayList<>());
    int step = rowsOfPart(weight, format);
    for (int row = 0; row < weight.rows(); row += step) {
      int rows = Math.min(step, weight.rows() - row);
      parts.add(format.byteSize(weight.type(), rows, weight.columns()));
    }
    scale(weight, format)
        .ifPresent(scale ->
            sizes
                .computeIfAbsent(Element.FLOATS, _ -> new ArrayList<>())
                .add((long) Float.BYTES * scale.size()));
  }

  private int rowsOfPart(TornadoWeight weight, DeviceFormat format) {
    long rowBytes = format.byteSize(weight.type(), 1, weight.columns());
    return Math.clamp(largestPart / rowBytes, 1, weight.rows());
  }

  private void upload(TornadoWeight weight) {
    DeviceFormat format = DeviceFormat.of(weight.type(), weight.scale());
    WeightArrays to = arrays.get(format.element());
    int step = rowsOfPart(weight, format);
    List<TornadoWeight.Part> parts = new ArrayList<>();
    for (int row = 0; row < weight.rows(); row += step) {
      int rows = Math.min(step, weight.rows() - row);
      WeightArrays.Place place =
          to.take(weight, format.byteSize(weight.type(), rows, weight.columns()));
      TornadoWeight.Part part = new TornadoWeight.Part(place, row, rows);
      if (format.expanded()) {
        copyDecoded(weight, part, to);
      } else {
        to.copy(raw(weight, row, rows), place, 0);
      }
      parts.add(part);
    }
    WeightArrays.Place scales = null;
    Optional<WeightScale> scale = scale(weight, format);
    if (scale.isPresent()) {
      MemorySegment values = scales(scale.get());
      scales = arrays.get(Element.FLOATS).take(weight, values.byteSize());
      arrays.get(Element.FLOATS).copy(values, scales, 0);
    }
    weight.put(parts, scales);
  }

  /** Scales for the kernels to apply. */
  private static Optional<WeightScale> scale(TornadoWeight weight, DeviceFormat format) {
    return weight.scale().filter(_ -> !format.expanded());
  }

  /** A few rows at a time: all of them as floats may be more than the heap holds. */
  private static void copyDecoded(TornadoWeight weight, TornadoWeight.Part part, WeightArrays to) {
    int step = Math.clamp(DECODED_VALUES / weight.columns(), 1, part.rows());
    for (int row = 0; row < part.rows(); row += step) {
      int rows = Math.min(step, part.rows() - row);
      MemorySegment values = decode(weight, part.firstRow() + row, rows);
      to.copy(values, part.place(), (long) Float.BYTES * row * weight.columns());
    }
  }

  private static MemorySegment raw(TornadoWeight weight, int row, int rows) {
    long rowBytes = weight.type().byteSize(weight.columns());
    return weight.data().asSlice(row * rowBytes, rows * rowBytes);
  }

  private static MemorySegment decode(TornadoWeight weight, int row, int rows) {
    float[] values = new float[Math.multiplyExact(rows, weight.columns())];
    weight.type().decoder().decode(raw(weight, row, rows), 0, values, 0, values.length);
    weight
        .scale()
        .ifPresent(scale -> {
          for (int i = 0; i < rows; i++) {
            scale.apply(row + i, 0, values, i * weight.columns(), weight.columns());
          }
        });
    return MemorySegment.ofArray(values);
  }

  private static MemorySegment scales(WeightScale scale) {
    float[] values = new float[scale.size()];
    int bands = scale.size() / scale.blocks();
    for (int band = 0; band < bands; band++) {
      for (int block = 0; block < scale.blocks(); block++) {
        int row = (int) Math.min((long) band * scale.blockRows(), Integer.MAX_VALUE);
        values[band * scale.blocks() + block] = scale.at(row, block);
      }
    }
    return MemorySegment.ofArray(values);
  }
}
