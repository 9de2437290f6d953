package dev.chaski.gguf;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaski.format.ModelFormatException;
import dev.chaski.format.UnsupportedModelException;
import dev.chaski.kernels.TensorType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small sound file, damaged in every place: it opens or is refused, and nothing else happens. */
class GgufCorruptionTest {
  @TempDir Path folder;

  private byte[] sound;
  private long headerSize;

  @BeforeEach
  void makeASoundFile() throws IOException {
    Path path = folder.resolve("sound.gguf");
    new GgufWriter()
        .putString("general.architecture", "llama")
        .putUint32("llama.block_count", 1)
        .putFloat("eps", 1e-5f)
        .putBoolean("flag", true)
        .putStrings("tokens", List.of("a", "bc", "", "Ġd"))
        .putIntegers("types", GgufValueType.INT32, 1, 1, 3, 1)
        .putFloats("scores", 0, -1)
        .addTensor("norm", TensorType.F32, List.of(8L), MemorySegment.ofArray(new float[8]))
        .addTensor("w", TensorType.Q8_0, List.of(512L), MemorySegment.ofArray(new byte[544]))
        .writeTo(path);
    sound = Files.readAllBytes(path);
    try (GgufFile file = GgufFile.open(path)) {
      headerSize = file.tensor("norm").orElseThrow().offset();
    }
  }

  @Test
  void cutAtAnyLengthItIsRefused() {
    for (int length = 0; length < sound.length; length += length < headerSize ? 1 : 31) {
      byte[] cut = Arrays.copyOf(sound, length);
      assertThatThrownBy(() -> GgufProbe.readAll(write(cut)))
          .as("cut after %d bytes", length)
          .isInstanceOf(ModelFormatException.class);
    }
  }

  @Test
  void withAnyByteOfTheHeaderChangedItOpensOrIsRefused() {
    for (int i = 0; i < headerSize; i++) {
      for (int mask : new int[] {0x01, 0x80, sound[i]}) {
        byte[] changed = sound.clone();
        changed[i] ^= (byte) mask;
        assertThatCode(() -> readOrRefuse(write(changed)))
            .as("byte %d changed from %d to %d", i, sound[i], changed[i])
            .doesNotThrowAnyException();
      }
    }
  }

  @Test
  void withAnyEightBytesOfTheHeaderChangedItOpensOrIsRefused() {
    long[] hostile = {-1, Long.MIN_VALUE, 1 << 24};
    for (int i = 0; i <= headerSize - Long.BYTES; i++) {
      for (long value : hostile) {
        byte[] changed = sound.clone();
        MemorySegment.ofArray(changed).set(GgufLayouts.INT64, i, value);
        assertThatCode(() -> readOrRefuse(write(changed)))
            .as("bytes from %d changed to %d", i, value)
            .doesNotThrowAnyException();
      }
    }
  }

  private static void readOrRefuse(Path path) throws IOException {
    try {
      GgufProbe.readAll(path);
    } catch (ModelFormatException | UnsupportedModelException _) {
      // Refused in our own words.
    }
  }

  private Path write(byte[] content) throws IOException {
    return Files.write(folder.resolve("model.gguf"), content);
  }
}
