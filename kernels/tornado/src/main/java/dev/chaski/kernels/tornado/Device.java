package dev.chaski.kernels.tornado;

import dev.chaski.kernels.RopeFrequencies;
import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.tornado.program.DeviceMemory;
import dev.chaski.kernels.tornado.program.Launch;
import dev.chaski.kernels.tornado.program.Operation;
import dev.chaski.kernels.tornado.program.Recorder;
import dev.chaski.kernels.tornado.program.RowKernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * One device with everything that is kept there, and the operations that wait for somebody to want
 * a result. All methods take the lock.
 */
final class Device {
  /** Something to launch later, once its arrays and places are known. */
  interface Deferred {
    /** The launches, with the arrays as they are now. */
    List<Launch> launches(Device device);

    /** What must stay until it has run. */
    List<Object> uses();

    /** Weights that have to be on the device. */
    List<TornadoWeight> weights();
  }

  /** Values that are copied at a time: a row, a page of rotations, logits. */
  private static final int[] ROWS = {4 << 10, 32 << 10, 256 << 10};

  private static final int LARGE_ROW = ROWS[ROWS.length - 1];

  private final TornadoSpace space;
  private final DeviceMemory memory;
  private final Recorder recorder;
  private final Cleaner cleaner = Cleaner.create();
  private final DeviceValues values;
  private final DeviceWeights weights;
  private final Angles angles = new Angles(this);
  private final Map<TensorType, DeviceCaches> caches = new EnumMap<>(TensorType.class);
  private final List<Deferred> waiting = new ArrayList<>();
  private final Set<Object> inUse = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Map<Integer, FloatArray> rowsUp = new HashMap<>();
  private final Map<Integer, FloatArray> rowsDown = new HashMap<>();
  private final IntArray found = new IntArray(4);
  private int slabs;

  Device(String name, long bytes) {
    this(name, bytes, WeightArrays.LARGEST);
  }

  /**
   * A device with nothing on it.
   *
   * @param bytes of its memory
   * @param largestPart bytes of a weight at most that lie in one array, if it has more than one row
   */
  Device(String name, long bytes, int largestPart) {
    this.space = new TornadoSpace(name, bytes);
    this.memory = new DeviceMemory(space::requireRoom);
    this.recorder = new Recorder(memory);
    this.values = new DeviceValues(memory, cleaner, this::flush);
    this.weights = new DeviceWeights(largestPart, memory, recorder, cleaner);
  }

  /** What the device has room for. */
  TornadoSpace space() {
    return space;
  }

  DeviceMemory memory() {
    return memory;
  }

  FloatArray values() {
    return values.array();
  }

  DeviceCaches caches(TensorType type) {
    return caches.computeIfAbsent(type, t -> new DeviceCaches(t, memory, recorder, this::flush));
  }

  synchronized Recorder.Counts counts() {
    return recorder.counts();
  }

  synchronized TornadoTensor tensor(int rows, int columns) {
    TornadoTensor tensor = new TornadoTensor(this, rows, columns);
    if (tensor.size() > 0) {
      record(Launches.clear(tensor));
    }
    return tensor;
  }

  /** A new place for a tensor, after everything that uses the old one. */
  synchronized DeviceValues.Place place(TornadoTensor tensor, int size) {
    if (inUse.contains(tensor)) {
      flush();
    }
    return values.place(tensor, size);
  }

  synchronized TornadoWeight weight(TornadoWeight weight) {
    weights.add(weight);
    return weight;
  }

  synchronized TornadoKvSlab slab(TornadoKvSlab slab) {
    slabs++;
    return slab;
  }

  synchronized void record(Deferred operation) {
    waiting.add(operation);
    inUse.addAll(operation.uses());
  }

  /** Records that rotations are copied to a tensor, after those that are not there were made. */
  synchronized void recordAngles(TornadoTensor out, RopeFrequencies rope, int[] positions) {
    int[] places = new int[positions.length];
    List<Object> uses = new ArrayList<>(List.of(out));
    for (int row = 0; row < positions.length; row++) {
      TornadoTensor page = angles.page(rope, positions[row]);
      places[row] = Angles.place(page, positions[row]);
      uses.add(page);
    }
    record(Launches.angles(out, places, uses));
  }

  /** Runs what waits. */
  private void flush() {
    if (waiting.isEmpty()) {
      return;
    }
    List<Deferred> operations = List.copyOf(waiting);
    waiting.clear();
    for (Deferred operation : operations) {
      operation.weights().forEach(weights::bring);
    }
    List<Launch> launches = new ArrayList<>();
    for (Deferred operation : operations) {
      launches.addAll(operation.launches(this));
    }
    recorder.run(launches);
    inUse.clear();
  }

  /** Sets values of a tensor, now if nobody waits for those it has. */
  synchronized void write(TornadoTensor to, int at, float[] src, int count) {
    if (inUse.contains(to)) {
      flush();
    }
    for (int done = 0; done < count; done += LARGE_ROW) {
      int length = Math.min(LARGE_ROW, count - done);
      FloatArray row = row(rowsUp, length);
      MemorySegment.copy(src, done, row.getSegment(), ValueLayout.JAVA_FLOAT, 0, length);
      recorder.run(copy(row, 0, values(), to.at() + at + done, length), List.of(row), List.of());
    }
  }

  synchronized void read(TornadoTensor from, int at, float[] dst, int dstOffset, int count) {
    flush();
    for (int done = 0; done < count; done += LARGE_ROW) {
      int length = Math.min(LARGE_ROW, count - done);
      FloatArray row = row(rowsDown, length);
      recorder.run(copy(values(), from.at() + at + done, row, 0, length), List.of(), List.of(row));
      MemorySegment.copy(
          row.getSegment(), ValueLayout.JAVA_FLOAT, 0, dst, dstOffset + done, length);
    }
  }

  private static FloatArray row(Map<Integer, FloatArray> rows, int length) {
    for (int size : ROWS) {
      if (length <= size) {
        return rows.computeIfAbsent(size, FloatArray::new);
      }
    }
    throw new IllegalArgumentException(length + " values at a time, at most " + LARGE_ROW);
  }

  private static Launch copy(FloatArray from, int fromAt, FloatArray to, int toAt, int count) {
    return new Launch(Operation.COPY_FLOATS, 0, 0, RowKernels.LOCAL, from, to)
        .set(RowKernels.FROM, fromAt)
        .set(RowKernels.TO, toAt)
        .set(RowKernels.LENGTH, count)
        .items(count);
  }

  synchronized void await() {
    flush();
  }

  synchronized int argmax(TornadoTensor from, int row) {
    flush();
    Launch launch =
        new Launch(Operation.LARGEST, 0, 0, RowKernels.LOCAL, values(), found)
            .set(RowKernels.X, from.at() + row * from.columns())
            .set(RowKernels.COLUMNS, from.columns());
    recorder.run(launch, List.of(), List.of(found));
    return found.get(0);
  }

  synchronized void reserve(TornadoKvSlab slab, int positions) {
    int perPosition = slab.elementsPerPosition();
    int at =
        caches(slab.shape().type())
            .extend(
                slab.at(),
                slab.positions() * perPosition,
                (long) positions * perPosition,
                perPosition,
                slabs);
    slab.move(at, positions);
  }

  synchronized void copy(TornadoKvSlab from, TornadoKvSlab to, int positions) {
    flush();
    if (positions > 0) {
      caches(from.shape().type()).copy(from.at(), to.at(), positions * from.elementsPerPosition());
    }
  }

  synchronized void release(TornadoKvSlab slab) {
    slabs--;
    if (slab.positions() > 0) {
      caches(slab.shape().type()).free(slab.at(), slab.positions() * slab.elementsPerPosition());
    }
  }

  synchronized void close() {
    waiting.clear();
    inUse.clear();
    memory.close();
    recorder.close();
  }
}
