package dev.chaski.kernels.tornado;

import java.util.function.LongSupplier;

/** The memory of the device, and what may be put there. */
final class DeviceBudget {
  private final String device;
  private final long deviceBytes;
  private final LongSupplier taken;

  /**
   * A budget.
   *
   * @param device its name, for messages
   * @param deviceBytes its memory
   * @param taken bytes that all arrays take now
   */
  DeviceBudget(String device, long deviceBytes, LongSupplier taken) {
    this.device = device;
    this.deviceBytes = deviceBytes;
    this.taken = taken;
  }

  /** Says before anything is copied that weights do not fit. */
  void requireRoomForWeights(long bytes) {
    long left = deviceBytes - taken.getAsLong();
    if (bytes > left) {
      throw new IllegalStateException(
          "the weights take %.2f GB, %s has %.2f GB left of %.2f GB; use a smaller quantisation, or"
                  .formatted(bytes / 1e9, device, left / 1e9, deviceBytes / 1e9)
              + " --kernels vector");
    }
  }
}
