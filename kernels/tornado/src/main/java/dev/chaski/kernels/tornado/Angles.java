package dev.chaski.kernels.tornado;

import dev.chaski.kernels.RopeFrequencies;
import dev.chaski.kernels.tornado.program.Space;
import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * The rotations of positions: a page of neighbours is computed on the host, as a device need not
 * have double precision, and copied when one of them is first wanted. It stays as long as the
 * frequencies do, for all sessions of a model. Not thread-safe.
 */
final class Angles {
  /** Positions of a page. */
  static final int PAGE = 512;

  private final Device device;
  private final Map<RopeFrequencies, Map<Integer, TornadoTensor>> pages = new WeakHashMap<>();

  Angles(Device device) {
    this.device = device;
  }

  /** Values that the pages of so many positions take. */
  static long valuesFor(int headDim, int positions) {
    return (long) Math.ceilDiv(positions, PAGE) * Space.rounded(PAGE * headDim);
  }

  /** The page of a position. */
  TornadoTensor page(RopeFrequencies rope, int position) {
    return pages
        .computeIfAbsent(rope, _ -> new HashMap<>())
        .computeIfAbsent(Math.floorDiv(position, PAGE), page -> newPage(rope, page * PAGE));
  }

  /** Where the row of a position begins in its page. */
  static int place(TornadoTensor page, int position) {
    return page.at() + Math.floorMod(position, PAGE) * page.columns();
  }

  private TornadoTensor newPage(RopeFrequencies rope, int first) {
    TornadoTensor page = new TornadoTensor(device, PAGE, 2 * rope.size());
    float[] values = new float[page.size()];
    for (int i = 0; i < values.length / 2; i++) {
      double angle = rope.angle(i % rope.size(), first + i / rope.size());
      values[2 * i] = (float) Math.cos(angle);
      values[2 * i + 1] = (float) Math.sin(angle);
    }
    device.write(page, 0, values, values.length);
    return page;
  }
}
