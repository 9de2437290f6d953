package dev.chaski.kernels.tornado.program;

import dev.chaski.kernels.arithmetic.BitFloats;
import java.util.ArrayList;
import java.util.List;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/**
 * The arrays that stay on the device. TornadoVM knows device memory only as something that a task
 * graph leaves behind for the next one; so there is one graph, the root, that leaves all arrays,
 * and every segment of a pass starts from it. When an array is added, a new root takes over from
 * the old one.
 */
public final class DeviceMemory {
  /** Refuses arrays that do not fit. */
  public interface Limit {
    /**
     * Throws an exception with the numbers if they do not fit.
     *
     * @param taken bytes of the arrays there are
     * @param more bytes of those that shall be made
     */
    void require(long taken, long more);
  }

  /** Parameters of some sixty passes of a model of 16 layers: 256 KB. */
  private static final int NUMBERS = 64 << 10;

  /** Place of the integer that {@link #keep} asks for, behind the block of a copy. */
  private static final int KEEP = 2 * Parameters.COUNT - 1;

  private final Limit limit;
  private final List<Object> arrays = new ArrayList<>();
  private final List<TornadoExecutionPlan> plans = new ArrayList<>();
  private final GridScheduler rootGrids = new GridScheduler();
  private ImmutableTaskGraph root;
  private String rootName;
  private List<String> rootTasks = List.of();
  private int generation;
  private long bytes;

  private final IntArray numbers = new IntArray(NUMBERS);
  private final FloatArray tables = FloatArray.fromArray(BitFloats.tables());
  private final FloatArray noFloats = new FloatArray(16);
  private final ShortArray noShorts = new ShortArray(16);
  private final ByteArray noBytes = new ByteArray(16);

  /** Memory with nothing in it but tables and room for {@link Numbers}. */
  public DeviceMemory(Limit limit) {
    this.limit = limit;
    add(List.of(numbers, tables, noFloats, noShorts, noBytes), null);
  }

  /** For {@link Numbers}. */
  IntArray numbers() {
    return numbers;
  }

  /** {@link BitFloats#tables}. */
  public FloatArray tables() {
    return tables;
  }

  /** For a kernel that takes floats and is compiled to use none. */
  public FloatArray noFloats() {
    return noFloats;
  }

  /** For a kernel that takes shorts and is compiled to use none. */
  public ShortArray noShorts() {
    return noShorts;
  }

  /** For a kernel that takes bytes and is compiled to use none. */
  public ByteArray noBytes() {
    return noBytes;
  }

  /** Changes whenever an array is added: segments made before cannot be used any more. */
  int generation() {
    return generation;
  }

  /** Bytes of all arrays. */
  public long byteSize() {
    return bytes;
  }

  /** Says before anything is made that so many bytes more do not fit. */
  public void requireRoom(long more) {
    limit.require(bytes, more);
  }

  /** Adds an array of zeros. */
  public FloatArray addFloats(int size) {
    requireRoom(4L * size);
    FloatArray array = new FloatArray(size);
    add(List.of(array), null);
    return array;
  }

  /** Adds an array of zeros. */
  public ShortArray addShorts(int size) {
    requireRoom(2L * size);
    ShortArray array = new ShortArray(size);
    add(List.of(array), null);
    return array;
  }

  /** Adds an array of zeros. */
  public ByteArray addBytes(int size) {
    requireRoom(size);
    ByteArray array = new ByteArray(size);
    add(List.of(array), null);
    return array;
  }

  /** Adds an array that starts as a copy of another one, which is not used any more. */
  public FloatArray grow(FloatArray old, int size) {
    requireRoom(4L * size);
    FloatArray array = new FloatArray(size);
    add(List.of(array), copy(Operation.COPY_FLOATS, old, array, old.getSize()));
    return array;
  }

  /** Adds an array that starts as a copy of another one, which is not used any more. */
  public ShortArray grow(ShortArray old, int size) {
    requireRoom(2L * size);
    ShortArray array = new ShortArray(size);
    add(List.of(array), copy(Operation.COPY_SHORTS, old, array, old.getSize()));
    return array;
  }

  /** Adds an array that starts as a copy of another one, which is not used any more. */
  public ByteArray grow(ByteArray old, int size) {
    requireRoom(size);
    ByteArray array = new ByteArray(size);
    add(List.of(array), copy(Operation.COPY_BYTES, old, array, old.getSize()));
    return array;
  }

  private static Launch copy(Operation operation, Object old, Object array, int size) {
    return new Launch(operation, 0, 0, RowKernels.LOCAL, old, array)
        .set(RowKernels.LENGTH, size)
        .items(size);
  }

  private void add(List<Object> added, Launch copy) {
    generation++;
    String name = "memory" + generation;
    TaskGraph graph = new TaskGraph(name);
    if (root != null) {
      graph.consumeFromDevice(rootName, arrays.toArray());
    }
    IntArray p = new IntArray(2 * Parameters.COUNT);
    p.init(0);
    graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, p);
    graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, added.toArray());
    List<String> tasks = new ArrayList<>();
    for (Object array : added) {
      String task = "keep" + tasks.size();
      keep(graph, task, p, array);
      tasks.add(task);
      rootGrids.addWorkerGrid(name + "." + task, grid(1, 1));
    }
    if (copy != null) {
      for (int i = 0; i < Parameters.COUNT; i++) {
        p.set(Parameters.FIRST + i, copy.parameters()[i]);
      }
      p.set(0, Parameters.FIRST);
      copy.operation().addTo(graph, "copy", copy, p, p, 0);
      tasks.add("copy");
      rootGrids.addWorkerGrid(name + ".copy", grid(copy.groups(), copy.local()));
    }
    arrays.addAll(added);
    graph.persistOnDevice(arrays.toArray());
    ImmutableTaskGraph next = graph.snapshot();
    TornadoExecutionPlan plan =
        root == null ? new TornadoExecutionPlan(next) : new TornadoExecutionPlan(root, next);
    plans.add(plan);
    Recorder.configure(plan, rootGrids);
    DeviceCall.execute(plan, 0);
    if (root != null) {
      DeviceCall.execute(plan, 1);
    }
    // Whoever runs the root again must not copy again.
    p.init(0);
    root = next;
    rootName = name;
    rootTasks = List.copyOf(tasks);
    for (Object array : added) {
      bytes += Recorder.byteSize(array);
    }
  }

  static WorkerGrid1D grid(int groups, int local) {
    WorkerGrid1D grid = new WorkerGrid1D(Math.multiplyExact(groups, local));
    grid.setLocalWork(local, 1, 1);
    return grid;
  }

  /** A task that seems to write to an array, so that it is allocated, and can be written to. */
  private static void keep(TaskGraph graph, String task, IntArray p, Object array) {
    KernelContext context = new KernelContext();
    switch (array) {
      case IntArray ints -> graph.task(task, DeviceMemory::keepInts, context, p, ints);
      case FloatArray floats -> graph.task(task, DeviceMemory::keepFloats, context, p, floats);
      case ShortArray shorts -> graph.task(task, DeviceMemory::keepShorts, context, p, shorts);
      case ByteArray bytes -> graph.task(task, DeviceMemory::keepBytes, context, p, bytes);
      default -> throw new IllegalStateException("no such array: " + array.getClass());
    }
  }

  static void keepInts(KernelContext context, IntArray p, IntArray array) {
    if (p.get(KEEP) == 1) {
      array.set(context.globalIdx, array.get(0) + 1);
    }
  }

  static void keepFloats(KernelContext context, IntArray p, FloatArray array) {
    if (p.get(KEEP) == 1) {
      array.set(context.globalIdx, array.get(0) + 1f);
    }
  }

  static void keepShorts(KernelContext context, IntArray p, ShortArray array) {
    if (p.get(KEEP) == 1) {
      array.set(context.globalIdx, (short) (array.get(0) + 1));
    }
  }

  static void keepBytes(KernelContext context, IntArray p, ByteArray array) {
    if (p.get(KEEP) == 1) {
      array.set(context.globalIdx, (byte) (array.get(0) + 1));
    }
  }

  /** The graph that every plan starts from. */
  ImmutableTaskGraph root() {
    return root;
  }

  /** Begins a graph that uses the arrays. */
  TaskGraph begin(String name) {
    TaskGraph graph = new TaskGraph(name);
    graph.consumeFromDevice(rootName, arrays.toArray());
    return graph;
  }

  /** Ends a graph that uses the arrays. */
  void end(TaskGraph graph) {
    graph.persistOnDevice(arrays.toArray());
  }

  /** Tells a plan how the root's tasks are launched. */
  void addRootGrids(GridScheduler grids) {
    for (String task : rootTasks) {
      String name = rootName + "." + task;
      grids.addWorkerGrid(name, rootGrids.get(name));
    }
  }

  /** Frees the arrays. Nothing that uses them may run any more. */
  public void close() {
    if (!plans.isEmpty()) {
      // The last root has all of them; others share them, and must not free them again.
      plans.getLast().withGraph(plans.size() == 1 ? 0 : 1).freeDeviceMemory();
      plans.clear();
    }
  }
}
