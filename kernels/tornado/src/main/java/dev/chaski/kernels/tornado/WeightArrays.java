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
  private final DeviceMemory memory;
  private final Recorder recorder;
  private final Cleaner cleaner;
  private final Queue<Gap> freed = new ConcurrentLinkedQueue<>();
  private final List<Chunk> chunks = new ArrayList<>();
  private final TornadoNativeArray smallBuffer;
  private TornadoNativeArray largeBuffer; // made when it is needed

  WeightArrays(Element element, DeviceMemory memory, Recorder recorder, Cleaner cleaner) {
    this.element = element;
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

  /** Makes room for that many bytes, so that they do not come in many small arrays. */
  void reserve(long bytes) {
    long left = bytes;
    while (left > 0) {
      boolean fits = left <= SMALLEST && chunks.stream().anyMatch(this::isRoomy);
      if (!fits) {
        addChunk(Math.clamp(left, SMALLEST, LARGEST));
      }
      left -= LARGEST;
    }
  }

  private boolean isRoomy(Chunk chunk) {
    return (chunk.space().size() - chunk.space().taken()) * element.size() >= SMALLEST / 2;
  }

  private Chunk addChunk(int bytes) {
    int elements = Math.ceilDiv(bytes, element.size());
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
   * Copies bytes to the device.
   *
   * @param owner while it is there, the bytes are
   */
  Place upload(Object owner, MemorySegment data) {
    for (Gap gap = freed.poll(); gap != null; gap = freed.poll()) {
      gap.chunk().space().free(gap.at(), gap.count());
    }
    int count = Math.toIntExact(data.byteSize() / element.size());
    Chunk chunk = null;
    int at = -1;
    for (int i = 0; i < chunks.size() && at < 0; i++) {
      chunk = chunks.get(i);
      at = chunk.space().take(count);
    }
    if (at < 0) {
      chunk = addChunk(Math.max(SMALLEST, Space.rounded(count) * element.size()));
      at = chunk.space().take(count);
    }
    copy(data, chunk.array(), at);
    Gap gap = new Gap(chunk, at, count);
    Queue<Gap> queue = freed;
    cleaner.register(owner, () -> queue.add(gap));
    return new Place(chunk.array(), at);
  }

  private void copy(MemorySegment data, TornadoNativeArray array, int at) {
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
    for (long from = 0; from < bytes; from += step) {
      long length = Math.min(step, bytes - from);
      MemorySegment.copy(data, from, buffer.getSegment(), 0, length);
      int elements = (int) (length / element.size());
      Launch launch =
          new Launch(copy, 0, 0, RowKernels.LOCAL, buffer, array)
              .set(RowKernels.TO, at + (int) (from / element.size()))
              .set(RowKernels.LENGTH, elements)
              .items(elements);
      recorder.run(launch, List.of(buffer), List.of());
    }
  }
}
