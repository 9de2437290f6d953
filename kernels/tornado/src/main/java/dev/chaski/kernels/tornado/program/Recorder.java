package dev.chaski.kernels.tornado.program;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * Runs launches in their order, as few calls of the device as possible. A pass is cut into segments
 * where its layers begin. A segment whose kernels were seen often enough is compiled as a whole,
 * and from then on replayed with other numbers: layers are alike but for the places of their
 * weights, and a pass is like the one before but for its positions. Until then its launches run one
 * by one, each as a segment of its own. Not thread-safe.
 */
public final class Recorder {
  /** Replays of a segment that pay for compiling it as a whole. */
  private static final int OFTEN = 3;

  /** Launches of a segment at most. */
  static final int LONGEST = 40;

  /**
   * Integers of a buffer; each of them is compiled by itself. A layer of 3 tokens, of 7 (or a
   * launch that is alone), 63, 1023.
   */
  private static final int[] BUFFERS = {16, 32, 256, 4096};

  /**
   * Arithmetic as it is written, without warnings. TornadoVM's own default, fast relaxed maths,
   * does without NaN and infinity; what may only reorder products makes values that are not those
   * of the file.
   */
  private static final String OPENCL_FLAGS = "-w";

  /** What is compiled: kernels, their constants and arrays, and the size of the buffer. */
  private record Key(List<Object> parts) {}

  /** A segment that is ready to run. */
  private record Segment(
      TornadoExecutionPlan plan, int graph, IntArray buffer, List<WorkerGrid1D> grids) {}

  private final DeviceMemory memory;
  private final Map<Key, Segment> segments = new HashMap<>();
  private final Map<Key, Integer> seen = new HashMap<>();
  private int generation;
  private int names;
  private final Numbers numbers;
  private final Counts counts = new Counts();

  /** A recorder for kernels that use {@code memory}. */
  public Recorder(DeviceMemory memory) {
    this.memory = memory;
    this.generation = memory.generation();
    this.numbers = new Numbers(this, memory.numbers());
  }

  /** What has happened so far. */
  public Counts counts() {
    return counts;
  }

  static void configure(TornadoExecutionPlan plan, GridScheduler grids) {
    plan.withGridScheduler(grids);
    plan.withCompilerFlags(TornadoVMBackendType.OPENCL, OPENCL_FLAGS);
  }

  static long byteSize(Object array) {
    return ((TornadoNativeArray) array).getNumBytesOfSegment();
  }

  /** Runs launches and waits for them. */
  public void run(List<Launch> launches) {
    List<List<Launch>> parts = cut(launches);
    compileWhatIsSeenOften(parts);
    for (List<Launch> part : parts) {
      Segment segment = segments.get(key(part, true));
      if (segment != null) {
        execute(segment, part, List.of(), List.of());
      } else {
        for (Launch launch : part) {
          run(launch, List.of(), List.of());
        }
      }
    }
  }

  /**
   * Runs one launch and waits for it.
   *
   * @param in arrays of the host that it reads
   * @param out arrays of the host that it writes
   */
  public void run(Launch launch, List<Object> in, List<Object> out) {
    requireGeneration();
    List<Launch> alone = List.of(launch);
    Key key = key(alone, true);
    Segment segment = segments.get(key);
    if (segment == null) {
      compile(List.of(alone), in, out);
      segment = segments.get(key);
    }
    execute(segment, alone, in, out);
  }

  private void requireGeneration() {
    if (generation != memory.generation()) {
      segments.clear();
      generation = memory.generation();
    }
  }

  /** Layers begin with a norm, and have two. */
  private static List<List<Launch>> cut(List<Launch> launches) {
    List<List<Launch>> parts = new ArrayList<>();
    List<Launch> part = new ArrayList<>();
    int norms = 0;
    for (Launch launch : launches) {
      boolean norm = launch.operation() == Operation.NORMALIZE;
      boolean begins =
          switch (launch.operation()) {
            case NORMALIZE ->
                norms == 2
                    || part.size() == LONGEST
                    || (norms == 0
                        && !part.isEmpty()
                        && part.getFirst().operation() != Operation.GATHER);
            case GATHER -> true;
            default -> part.size() == LONGEST;
          };
      if (begins && !part.isEmpty()) {
        parts.add(part);
        part = new ArrayList<>();
        norms = 0;
      }
      norms += norm ? 1 : 0;
      part.add(launch);
    }
    if (!part.isEmpty()) {
      parts.add(part);
    }
    return parts;
  }

  private void compileWhatIsSeenOften(List<List<Launch>> parts) {
    requireGeneration();
    for (List<Launch> part : parts) {
      seen.merge(key(part, false), 1, Integer::sum);
    }
    Map<Key, List<Launch>> missing = new LinkedHashMap<>();
    for (List<Launch> part : parts) {
      Key key = key(part, true);
      if (part.size() > 1 && !segments.containsKey(key) && seen.get(key(part, false)) >= OFTEN) {
        missing.putIfAbsent(key, part);
      }
    }
    if (!missing.isEmpty()) {
      compile(List.copyOf(missing.values()), List.of(), List.of());
    }
  }

  /**
   * Makes segments out of parts. Those that are alike but for their arrays get one name: TornadoVM
   * finds the code of a task by its name, so it compiles them once.
   */
  private void compile(List<List<Launch>> parts, List<Object> in, List<Object> out) {
    GridScheduler grids = new GridScheduler();
    memory.addRootGrids(grids);
    Map<Key, String> namesOfStructures = new HashMap<>();
    Map<String, List<WorkerGrid1D>> gridsOfNames = new HashMap<>();
    List<ImmutableTaskGraph> graphs = new ArrayList<>(List.of(memory.root()));
    List<IntArray> buffers = new ArrayList<>();
    List<String> graphNames = new ArrayList<>();
    for (List<Launch> part : parts) {
      String name = namesOfStructures.computeIfAbsent(key(part, false), _ -> "segment" + names++);
      TaskGraph graph = memory.begin(name);
      IntArray buffer = new IntArray(bufferSize(part));
      graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, buffer);
      graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, in.toArray());
      for (int i = 0; i < part.size(); i++) {
        Launch launch = part.get(i);
        IntArray p = isAlone(part) ? buffer : memory.numbers();
        launch.operation().addTo(graph, "k" + i, launch, p, buffer, i * Parameters.COUNT);
      }
      graph.transferToHost(DataTransferMode.EVERY_EXECUTION, out.toArray());
      memory.end(graph);
      if (!gridsOfNames.containsKey(name)) {
        List<WorkerGrid1D> own = new ArrayList<>();
        for (int i = 0; i < part.size(); i++) {
          WorkerGrid1D grid = DeviceMemory.grid(part.get(i).groups(), part.get(i).local());
          own.add(grid);
          grids.addWorkerGrid(name + ".k" + i, grid);
        }
        gridsOfNames.put(name, own);
      }
      graphs.add(graph.snapshot());
      buffers.add(buffer);
      graphNames.add(name);
      counts.compiled += part.size();
    }
    TornadoExecutionPlan plan = new TornadoExecutionPlan(graphs.toArray(ImmutableTaskGraph[]::new));
    configure(plan, grids);
    DeviceCall.execute(plan, 0);
    for (int i = 0; i < parts.size(); i++) {
      segments.put(
          key(parts.get(i), true),
          new Segment(plan, i + 1, buffers.get(i), gridsOfNames.get(graphNames.get(i))));
    }
  }

  private void execute(Segment segment, List<Launch> launches, List<Object> in, List<Object> out) {
    IntArray buffer = segment.buffer();
    int[] blocks = new int[launches.size() * Parameters.COUNT];
    int end = Parameters.FIRST + (isAlone(launches) ? blocks.length : 0);
    for (int i = 0; i < launches.size(); i++) {
      Launch launch = launches.get(i);
      int block = i * Parameters.COUNT;
      System.arraycopy(launch.parameters(), 0, blocks, block, Parameters.COUNT);
      for (Launch.IntList list : launch.lists()) {
        blocks[block + list.parameter()] = end;
        for (int value : list.values()) {
          buffer.set(end++, value);
        }
      }
      WorkerGrid1D grid = segment.grids().get(i);
      grid.setGlobalWork(Math.multiplyExact(launch.groups(), launch.local()), 1, 1);
    }
    if (isAlone(launches)) {
      buffer.set(0, Parameters.FIRST);
      for (int i = 0; i < blocks.length; i++) {
        buffer.set(Parameters.FIRST + i, blocks[i]);
      }
    } else {
      buffer.set(0, numbers.place(blocks));
    }
    DeviceCall.execute(segment.plan(), segment.graph());
    counts.executions++;
    counts.launches += launches.size();
    counts.bytesUp += byteSize(buffer);
    in.forEach(array -> counts.bytesUp += byteSize(array));
    out.forEach(array -> counts.bytesDown += byteSize(array));
  }

  /** Forgets all segments. */
  public void close() {
    segments.clear();
    seen.clear();
  }

  /** Whether its block is in its buffer: it would not pay to leave it on the device. */
  private static boolean isAlone(List<Launch> part) {
    return part.size() == 1;
  }

  private static int bufferSize(List<Launch> part) {
    int integers = Parameters.FIRST + (isAlone(part) ? Parameters.COUNT : 0);
    for (Launch launch : part) {
      integers += launch.listed();
    }
    for (int size : BUFFERS) {
      if (integers <= size) {
        return size;
      }
    }
    return Integer.highestOneBit(integers - 1) * 2;
  }

  private static Key key(List<Launch> part, boolean withArrays) {
    List<Object> parts = new ArrayList<>();
    parts.add(bufferSize(part));
    for (Launch launch : part) {
      parts.add(launch.operation());
      parts.add(launch.variant());
      parts.add(launch.constant());
      if (withArrays) {
        for (Object array : launch.arrays()) {
          // Arrays are themselves, whatever they hold.
          parts.add(new Identity(array));
        }
      }
    }
    return new Key(parts);
  }

  /** An object that equals only itself. */
  private record Identity(Object object) {
    @Override
    @SuppressWarnings("ReferenceEquality") // as the name says
    public boolean equals(Object other) {
      return other instanceof Identity identity && identity.object == object;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(object);
    }
  }

  /** What a recorder has done since it was made. */
  public static final class Counts {
    private long launches;
    private long executions;
    private long compiled;
    private long bytesUp;
    private long bytesDown;

    private Counts() {}

    /** Kernels launched. */
    public long launches() {
      return launches;
    }

    /** Calls of the device, each of which waits for its end. */
    public long executions() {
      return executions;
    }

    /** Kernels recorded. */
    public long compiled() {
      return compiled;
    }

    /** Bytes copied to the device. */
    public long bytesUp() {
      return bytesUp;
    }

    /** Bytes copied from the device. */
    public long bytesDown() {
      return bytesDown;
    }

    @Override
    public String toString() {
      return "%d launches in %d executions, %d kernels recorded, %d bytes up, %d bytes down"
          .formatted(launches, executions, compiled, bytesUp, bytesDown);
    }
  }
}
