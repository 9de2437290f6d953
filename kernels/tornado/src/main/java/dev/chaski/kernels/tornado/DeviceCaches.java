package dev.chaski.kernels.tornado;

import dev.chaski.kernels.DeviceException;
import dev.chaski.kernels.KvShape;
import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.tornado.program.DeviceMemory;
import dev.chaski.kernels.tornado.program.Launch;
import dev.chaski.kernels.tornado.program.Operation;
import dev.chaski.kernels.tornado.program.Recorder;
import dev.chaski.kernels.tornado.program.RowKernels;
import dev.chaski.kernels.tornado.program.Space;
import java.util.List;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * The array of all key/value caches of one type. A slab is one run of elements, with room behind it
 * as long as there is any, so it seldom moves when it grows. Not thread-safe.
 */
final class DeviceCaches {
  /** Positions of each slab that the first array has room for. */
  private static final int FIRST_POSITIONS = 4096;

  private static final long SMALLEST = 1 << 20;
  private static final long LARGEST_FIRST = 1 << 29;
  private static final long LARGEST = Integer.MAX_VALUE - 64;

  private final TensorType type;
  private final DeviceMemory memory;
  private final Recorder recorder;
  private final Runnable beforeMove;
  private TornadoNativeArray array; // made when it is needed
  private Space space;

  /**
   * No caches.
   *
   * @param beforeMove runs what is still to run with the places of now
   */
  DeviceCaches(TensorType type, DeviceMemory memory, Recorder recorder, Runnable beforeMove) {
    this.type = type;
    this.memory = memory;
    this.recorder = recorder;
    this.beforeMove = beforeMove;
  }

  /** Bytes of all arrays there have been, one after the other, for slabs that grew so long. */
  static long bytesFor(KvShape shape, int slabs, int positions) {
    boolean blocks = shape.type() == TensorType.Q8_0;
    long perPosition = blocks ? shape.bytesPerPosition() : 2L * shape.columns();
    long reserved = Math.ceilDiv((long) positions, TornadoKvSlab.BLOCK) * TornadoKvSlab.BLOCK;
    long wanted = slabs * perPosition * reserved;
    long size = Math.clamp(perPosition * slabs * FIRST_POSITIONS, SMALLEST, LARGEST_FIRST);
    long all = size;
    while (size < wanted) {
      size = Math.min(LARGEST, 2 * size);
      all += size;
      if (size == LARGEST) {
        break;
      }
    }
    return all * (shape.bytesPerPosition() / perPosition);
  }

  /** The array; another one after something was taken or extended. */
  TornadoNativeArray array() {
    return array;
  }

  /**
   * Makes a slab larger.
   *
   * @param at where it is, ignored if {@code count} is 0
   * @param count elements it has
   * @param more elements it shall have
   * @param perPosition elements of a position
   * @param slabs how many there are
   * @return where it is now
   */
  int extend(int at, int count, long more, int perPosition, int slabs) {
    if (more > LARGEST) {
      throw new DeviceException(
          "a key/value cache of "
              + more / perPosition
              + " positions does not fit one array of the device; use a shorter context or Q8_0");
    }
    int wanted = (int) more;
    if (array == null) {
      long first = (long) perPosition * slabs * FIRST_POSITIONS;
      int size = (int) Math.max(Math.clamp(first, SMALLEST, LARGEST_FIRST), more);
      array = newArray(size);
      space = new Space(array.getSize());
    }
    if (count > 0 && space.extend(at, count, wanted)) {
      return at;
    }
    beforeMove.run();
    int to = space.takeWithRoomToGrow(wanted);
    if (to < 0) {
      long size = Math.min(LARGEST, Math.max(2L * space.size(), space.size() + more + 64));
      array = grow((int) size);
      space.grow((int) size);
      to = space.takeWithRoomToGrow(wanted);
      if (to < 0) {
        throw new DeviceException(
            "the key/value caches of all sequences do not fit one array of the device; use shorter"
                + " contexts, fewer sequences or Q8_0");
      }
    }
    if (count > 0) {
      copy(at, to, count);
      space.free(at, count);
    }
    return to;
  }

  /** Copies elements within the array. */
  void copy(int from, int to, int count) {
    Operation operation =
        switch (array) {
          case FloatArray _ -> Operation.COPY_FLOATS;
          case ShortArray _ -> Operation.COPY_SHORTS;
          default -> Operation.COPY_BYTES;
        };
    Launch launch =
        new Launch(operation, 0, 0, RowKernels.LOCAL, array, array)
            .set(RowKernels.FROM, from)
            .set(RowKernels.TO, to)
            .set(RowKernels.LENGTH, count)
            .items(count);
    recorder.run(launch, List.of(), List.of());
  }

  /** Gives a slab's place back. */
  void free(int at, int count) {
    beforeMove.run();
    space.free(at, count);
  }

  private TornadoNativeArray newArray(int size) {
    return switch (type) {
      case F32 -> memory.addFloats(size);
      case F16 -> memory.addShorts(size);
      default -> memory.addBytes(size);
    };
  }

  private TornadoNativeArray grow(int size) {
    return switch (array) {
      case FloatArray floats -> memory.grow(floats, size);
      case ShortArray shorts -> memory.grow(shorts, size);
      default -> memory.grow((ByteArray) array, size);
    };
  }
}
