package dev.chaski.kernels;

/**
 * A device does not do what it should: it has no room, or its driver failed. The message says what
 * to do about it. What was being computed is lost, and nothing is wrong with the model.
 */
public final class DeviceException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  /** A device that refuses. */
  public DeviceException(String message) {
    super(message);
  }

  /** A device that failed. */
  public DeviceException(String message, Throwable cause) {
    super(message, cause);
  }
}
