/**
 * What runs on the device, and how: the kernels, the memory they share, and segments of passes that
 * are recorded once and replayed. Knows nothing of tensors and weights as the model sees them.
 * Imports {@code dev.chaski.kernels.arithmetic}, {@code DeviceException} and TornadoVM. Start
 * reading at {@link dev.chaski.kernels.tornado.program.Recorder}.
 */
package dev.chaski.kernels.tornado.program;
