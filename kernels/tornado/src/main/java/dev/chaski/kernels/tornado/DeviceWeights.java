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

  private final Map<Element, WeightArrays> arrays = new EnumMap<>(Element.class);
  private final List<WeakReference<TornadoWeight>> waiting = new ArrayList<>();
  private final Set<TensorType> expanded = EnumSet.noneOf(TensorType.class);
  private final DeviceMemory memory;

  DeviceWeights(DeviceMemory memory, Recorder recorder, Cleaner cleaner) {
    this.memory = memory;
    for (Element element : Element.values()) {
      arrays.put(element, new WeightArrays(element, memory, recorder, cleaner));
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
    Map<Element, Long> bytes = new EnumMap<>(Element.class);
    for (TornadoWeight one : all) {
      DeviceFormat format = DeviceFormat.of(one.type(), one.scale());
      bytes.merge(
          format.element(), format.byteSize(one.type(), one.rows(), one.columns()), Long::sum);
    }
    memory.requireRoom(bytes.values().stream().mapToLong(Long::longValue).sum());
    bytes.forEach((element, count) -> arrays.get(element).reserve(count));
    all.forEach(this::upload);
  }

  private void upload(TornadoWeight weight) {
    DeviceFormat format = DeviceFormat.of(weight.type(), weight.scale());
    WeightArrays to = arrays.get(format.element());
    long rowBytes = format.byteSize(weight.type(), 1, weight.columns());
    int rowsPerPart = Math.clamp(WeightArrays.LARGEST / rowBytes, 1, weight.rows());
    List<TornadoWeight.Part> parts = new ArrayList<>();
    for (int row = 0; row < weight.rows(); row += rowsPerPart) {
      int rows = Math.min(rowsPerPart, weight.rows() - row);
      MemorySegment data = format.expanded() ? decode(weight, row, rows) : raw(weight, row, rows);
      parts.add(new TornadoWeight.Part(to.upload(weight, data), row, rows));
    }
    Optional<WeightScale> scale = weight.scale().filter(_ -> !format.expanded());
    weight.put(
        parts, scale.map(s -> arrays.get(Element.FLOATS).upload(weight, scales(s))).orElse(null));
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
