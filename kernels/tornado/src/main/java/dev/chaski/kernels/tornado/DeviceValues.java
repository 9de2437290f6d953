package dev.chaski.kernels.tornado;

import dev.chaski.kernels.DeviceException;
import dev.chaski.kernels.tornado.program.DeviceMemory;
import dev.chaski.kernels.tornado.program.Space;
import java.lang.ref.Cleaner;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * The array of all tensors. Grows by doubling; a tensor that nobody holds any more gives its place
 * back. Not thread-safe, but for the places' {@code free}.
 */
final class DeviceValues {
  /** Values to begin with: 8 MB. */
  private static final int FIRST_SIZE = 2 << 20;

  /** Where something lies; freed once, by its owner or after its owner is gone. */
  static final class Place {
    private final int at;
    private final int size;
    private final Cleaner.Cleanable cleanable;

    private Place(int at, int size, Cleaner.Cleanable cleanable) {
      this.at = at;
      this.size = size;
      this.cleanable = cleanable;
    }

    /** The first element. */
    int at() {
      return at;
    }

    /** Elements. */
    int size() {
      return size;
    }

    /** Gives the place back. */
    void free() {
      cleanable.clean();
    }
  }

  private record Gap(int at, int size) {}

  private final DeviceMemory memory;
  private final Cleaner cleaner;
  private final Queue<Gap> freed = new ConcurrentLinkedQueue<>();
  private final Runnable beforeGrowth;
  private final Space space = new Space(FIRST_SIZE);
  private FloatArray array;

  /**
   * An empty array.
   *
   * @param beforeGrowth runs what is still to run with the old array
   */
  DeviceValues(DeviceMemory memory, Cleaner cleaner, Runnable beforeGrowth) {
    this.memory = memory;
    this.cleaner = cleaner;
    this.beforeGrowth = beforeGrowth;
    this.array = memory.addFloats(FIRST_SIZE);
  }

  /** Bytes of all arrays there have been, one after the other, for so many values. */
  static long bytesFor(long values) {
    long size = FIRST_SIZE;
    long all = size;
    while (size < values) {
      size *= 2;
      all += size;
    }
    return Float.BYTES * all;
  }

  /** The array; another one after a place was taken. */
  FloatArray array() {
    return array;
  }

  /** A place for {@code size} values, which are whatever was there before. */
  Place place(Object owner, int size) {
    for (Gap gap = freed.poll(); gap != null; gap = freed.poll()) {
      space.free(gap.at(), gap.size());
    }
    int at = space.take(size);
    if (at < 0) {
      beforeGrowth.run();
      long wanted = Math.max(2L * space.size(), space.size() + (long) Space.rounded(size));
      if (wanted > Integer.MAX_VALUE - 64) {
        throw new DeviceException(
            "tensors of "
                + (space.taken() + size)
                + " values in all do not fit one array of the device; use smaller batches");
      }
      array = memory.grow(array, (int) wanted);
      space.grow((int) wanted);
      at = space.take(size);
    }
    Gap gap = new Gap(at, size);
    Queue<Gap> queue = freed;
    return new Place(at, size, cleaner.register(owner, () -> queue.add(gap)));
  }
}
