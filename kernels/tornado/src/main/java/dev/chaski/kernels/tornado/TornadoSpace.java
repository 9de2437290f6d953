package dev.chaski.kernels.tornado;

import dev.chaski.kernels.DeviceException;
import dev.chaski.kernels.DeviceSpace;
import dev.chaski.kernels.KernelArguments;
import dev.chaski.kernels.KvShape;
import dev.chaski.kernels.Weight;
import dev.chaski.kernels.WeightScale;
import dev.chaski.kernels.tornado.program.Space;

/**
 * What things take on a device.
 *
 * @param name of the device
 * @param byteSize of its memory
 */
record TornadoSpace(String name, long byteSize) implements DeviceSpace {
  @Override
  public long weightBytes(Weight weight) {
    if (!(weight instanceof TornadoWeight ours)) {
      throw KernelArguments.foreign(weight);
    }
    DeviceFormat format = DeviceFormat.of(ours.type(), ours.scale());
    long scales =
        format.expanded()
            ? 0
            : 4L * ours.scale().map(WeightScale::size).map(Space::rounded).orElse(0);
    return format.byteSize(ours.type(), ours.rows(), ours.columns()) + scales;
  }

  @Override
  public long tensorBytes(long values) {
    return DeviceValues.bytesFor(values);
  }

  @Override
  public long angleValues(int headDim, int positions) {
    return Angles.valuesFor(headDim, positions);
  }

  @Override
  public long cacheBytes(KvShape shape, int slabs, int positions) {
    return DeviceCaches.bytesFor(shape, slabs, positions);
  }

  /**
   * Says before an array is made that it does not fit: arrays that grow may want more than anybody
   * has planned.
   *
   * @param taken bytes of the arrays there are
   * @param more bytes of the one to make
   */
  void requireRoom(long taken, long more) {
    if (taken + more > byteSize) {
      throw new DeviceException(
          ("%s has %.2f GB, of which %.2f GB are taken; another %.2f GB do not fit: use fewer"
                  + " layers (--gpu-layers), a shorter context, fewer sessions or a smaller"
                  + " quantisation")
              .formatted(name, byteSize / 1e9, taken / 1e9, more / 1e9));
    }
  }
}
