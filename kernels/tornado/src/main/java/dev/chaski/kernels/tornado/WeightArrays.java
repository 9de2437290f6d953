package dev.chaski.kernels.tornado;

import dev.chaski.kernels.tornado.program.DeviceMemory;
import dev.chaski.kernels.tornado.program.Launch;
import dev.chaski.kernels.tornado.program.Operation;
import dev.chaski.kernels.tornado.program.Recorder;
import dev.chaski.kernels.tornado.program.RowKernels;
import dev.chaski.kernels.tornado.program.Space;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * The device's arrays of weights of one element size. A weight goes to them through a buffer of
 * bounded size; it lies in one array, whose index is an int, so large ones come in parts. Not
 * thread-safe.
 */
final class WeightArrays {
  /** What the elements of the arrays are. */
  enum Element {
    BYTES(1),
    SHORTS(2),
    FLOATS(4);

    private final int size;

    Element(int size) {
      this.size = size;
    }

    /** Bytes of an element. */
    int size() {
      return size;
    }
  }

  /** Bytes of an array at most, unless the device allows less. */
  static final int LARGEST = 1 << 30;

  /** Bytes of an array at least. */
  private static final int SMALLEST = 4 << 20;

  private static final int SMALL_BUFFER = 64 << 10;
  private static final int LARGE_BUFFER = 8 << 20;

  /**
   * Where a weight, or a part of one, lies.
   *
   * @param array one of ours
   * @param at its first element
   */
  record Place(TornadoNativeArray array, int at) {}

  private record Chunk(TornadoNativeArray array, Space space) {}

  private record Gap(Chunk chunk, int at, int count) {}

  private final Element element;
  private final int largest;
  private final DeviceMemory memory;
  private final Recorder recorder;
  private final Cleaner cleaner;
  private final Queue<Gap> freed = new ConcurrentLinkedQueue<>();
  private final List<Chunk> chunks = new ArrayList<>();
  private final TornadoNativeArray smallBuffer;
  private TornadoNativeArray largeBuffer; // made when it is needed

  /**
   * No arrays.
   *
   * @param largest bytes of an array at most
   */
  WeightArrays(
      Element element, int largest, DeviceMemory memory, Recorder recorder, Cleaner cleaner) {
    this.element = element;
    this.largest = largest;
    this.memory = memory;
    this.recorder = recorder;
    this.cleaner = cleaner;
    this.smallBuffer = newBuffer(SMALL_BUFFER);
  }

  private TornadoNativeArray newBuffer(int bytes) {
    int elements = bytes / element.size();
    return switch (element) {
      case BYTES -> new ByteArray(elements);
      case SHORTS -> new ShortArray(elements);
      case FLOATS -> new FloatArray(elements);
    };
  }

  /**
   * Makes room for what comes next, in as few arrays as it fits.
   *
   * @param sizes bytes of each, in the order in which they come
   */
  void reserve(List<Long> sizes) {
    long all = 0;
    for (long size : sizes) {
      all += rounded(size);
    }
    if (all <= smallest() && chunks.stream().anyMatch(this::isRoomy)) {
      return;
    }
    long open = 0;
    for (long size : sizes) {
      if (open > 0 && open + rounded(size) > largest) {
        addChunk(open);
        open = 0;
      }
      open += rounded(size);
    }
    addChunk(Math.max(smallest(), open));
  }

  /** Bytes of an array at least. */
  private int smallest() {
    return Math.min(SMALLEST, largest);
  }

  /** Bytes that so many take. */
  private long rounded(long bytes) {
    return (long) Space.rounded(elements(bytes)) * element.size();
  }

  private int elements(long bytes) {
    return Math.toIntExact(bytes / element.size());
  }

  private boolean isRoomy(Chunk chunk) {
    return (chunk.space().size() - chunk.space().taken()) * element.size() >= smallest() / 2;
  }

  private Chunk addChunk(long bytes) {
    int elements = elements(bytes);
    TornadoNativeArray array =
        switch (element) {
          case BYTES -> memory.addBytes(elements);
          case SHORTS -> memory.addShorts(elements);
          case FLOATS -> memory.addFloats(elements);
        };
    Chunk chunk = new Chunk(array, new Space(elements));
    chunks.add(chunk);
    return chunk;
  }

  /**
   * Takes a place.
   *
   * @param owner while it is there, the place is taken
   */
  Place take(Object owner, long bytes) {
    for (Gap gap = freed.poll(); gap != null; gap = freed.poll()) {
      gap.chunk().space().free(gap.at(), gap.count());
    }
    int count = elements(bytes);
    Chunk chunk = null;
    int at = -1;
    for (int i = 0; i < chunks.size() && at < 0; i++) {
      chunk = chunks.get(i);
      at = chunk.space().take(count);
    }
    if (at < 0) {
      chunk = addChunk(Math.max(smallest(), rounded(bytes)));
      at = chunk.space().take(count);
    }
    Gap gap = new Gap(chunk, at, count);
    Queue<Gap> queue = freed;
    cleaner.register(owner, () -> queue.add(gap));
    return new Place(chunk.array(), at);
  }

  /**
   * Copies bytes to the device.
   *
   * @param from the byte of the place that is the first of {@code data}
   */
  void copy(MemorySegment data, Place place, long from) {
    long bytes = data.byteSize();
    TornadoNativeArray buffer = smallBuffer;
    if (bytes > SMALL_BUFFER) {
      largeBuffer = largeBuffer == null ? newBuffer(LARGE_BUFFER) : largeBuffer;
      buffer = largeBuffer;
    }
    Operation copy =
        switch (element) {
          case BYTES -> Operation.COPY_BYTES;
          case SHORTS -> Operation.COPY_SHORTS;
          case FLOATS -> Operation.COPY_FLOATS;
        };
    long step = buffer.getNumBytesOfSegment();
    for (long done = 0; done < bytes; done += step) {
      long length = Math.min(step, bytes - done);
      MemorySegment.copy(data, done, buffer.getSegment(), 0, length);
      int elements = elements(length);
      Launch launch =
          new Launch(copy, 0, 0, RowKernels.LOCAL, buffer, place.array())
              .set(RowKernels.TO, place.at() + elements(from + done))
              .set(RowKernels.LENGTH, elements)
              .items(elements);
      recorder.run(launch, List.of(buffer), List.of());
    }
  }
}
