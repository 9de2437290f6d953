package dev.chaski.kernels.tornado.program;

import java.nio.IntBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Parameters that stay on the device. Those of a segment are copied when they are first seen; a
 * token like the one before, or a prompt chunk as long as one before, finds them there. Not
 * thread-safe.
 */
final class Numbers {
  private final Recorder recorder;
  private final IntArray array;
  private final IntArray buffer = new IntArray(Recorder.LONGEST * Parameters.COUNT);
  private final Map<IntBuffer, Integer> places = new HashMap<>();
  private int end;

  /** None, in an array of the device. */
  Numbers(Recorder recorder, IntArray array) {
    this.recorder = recorder;
    this.array = array;
  }

  /** Where the numbers are; those that were there before may be gone. */
  int place(int[] numbers) {
    Integer known = places.get(IntBuffer.wrap(numbers));
    if (known != null) {
      return known;
    }
    if (end + numbers.length > array.getSize()) {
      places.clear();
      end = 0;
    }
    for (int i = 0; i < numbers.length; i++) {
      buffer.set(i, numbers[i]);
    }
    Launch copy =
        new Launch(Operation.COPY_INTS, 0, 0, RowKernels.LOCAL, buffer, array)
            .set(RowKernels.TO, end)
            .set(RowKernels.LENGTH, numbers.length)
            .items(numbers.length);
    recorder.run(copy, List.of(buffer), List.of());
    places.put(IntBuffer.wrap(numbers), end);
    end += numbers.length;
    return end - numbers.length;
  }
}
