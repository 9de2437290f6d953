package dev.chaski.load;

import dev.chaski.gguf.GgufTensor;
import dev.chaski.model.WeightsGuard;
import dev.chaski.safetensors.SafetensorsTensor;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;

/**
 * Tells models apart: SHA-256 of the names, types and shapes of all tensors and of some bytes of
 * each. To read all bytes of a large model would take a minute; training changes every tensor that
 * it changes at all nearly everywhere, so samples see it.
 */
final class ModelFingerprint {
  private static final int SAMPLES = 5; // of a tensor, the first and the last bytes among them
  private static final int SAMPLE_BYTES = 64;

  private final MessageDigest digest;

  private ModelFingerprint() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Of tensors in files that {@code guard} watches over. */
  static String ofGguf(Collection<GgufTensor> tensors, WeightsGuard guard) {
    ModelFingerprint fingerprint = new ModelFingerprint();
    try {
      for (GgufTensor tensor : tensors) {
        fingerprint.add(tensor.name(), tensor.type().name(), tensor.shape(), tensor.data());
      }
    } catch (InternalError e) {
      throw guard.lost(e);
    }
    return fingerprint.hex();
  }

  /** As {@link #ofGguf}. */
  static String ofSafetensors(Collection<SafetensorsTensor> tensors, WeightsGuard guard) {
    ModelFingerprint fingerprint = new ModelFingerprint();
    try {
      for (SafetensorsTensor tensor : tensors) {
        fingerprint.add(tensor.name(), tensor.type().name(), tensor.shape(), tensor.data());
      }
    } catch (InternalError e) {
      throw guard.lost(e);
    }
    return fingerprint.hex();
  }

  private void add(String name, String type, List<Long> shape, MemorySegment data) {
    digest.update((name + "\n" + type + shape + "\n").getBytes(StandardCharsets.UTF_8));
    int length = (int) Math.min(SAMPLE_BYTES, data.byteSize());
    long lastStart = data.byteSize() - length;
    for (int i = 0; i < SAMPLES; i++) {
      long start = i == SAMPLES - 1 ? lastStart : lastStart / (SAMPLES - 1) * i;
      digest.update(data.asSlice(start, length).asByteBuffer());
    }
  }

  private String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
