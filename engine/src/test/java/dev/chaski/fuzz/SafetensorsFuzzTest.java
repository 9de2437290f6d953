package dev.chaski.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.chaski.safetensors.SafetensorsBuilder;
import dev.chaski.safetensors.SafetensorsFile;
import dev.chaski.safetensors.SafetensorsTensor;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/** A safetensors file: its header and the places of its tensors. */
class SafetensorsFuzzTest {
  @TempDir static Path folder;

  static List<byte[]> seeds() throws IOException {
    Path temporary = Files.createTempFile("seed", ".safetensors");
    try {
      new SafetensorsBuilder()
          .entry("\"__metadata__\":{\"format\":\"pt\"}")
          .add("a.weight", "F32", List.of(2, 2), new byte[16])
          .add("b", "BF16", List.of(3), new byte[6])
          .add("scale", "F8_E4M3", List.of(), new byte[1])
          .writeTo(temporary);
      byte[] whole = Files.readAllBytes(temporary);
      SafetensorsBuilder.write(temporary, "{}", new byte[0]);
      return List.of(whole, Files.readAllBytes(temporary));
    } finally {
      Files.delete(temporary);
    }
  }

  @MethodSource("seeds")
  @FuzzTest
  void fileIsReadOrRefused(byte[] data) throws Exception {
    Path path = Files.write(folder.resolve("model.safetensors"), data);
    Hostile.use(() -> {
      try (SafetensorsFile file = SafetensorsFile.open(path)) {
        for (SafetensorsTensor tensor : file.tensors()) {
          if (tensor.data().byteSize() > 0) {
            tensor.data().get(ValueLayout.JAVA_BYTE, tensor.data().byteSize() - 1);
          }
        }
      }
    });
  }
}
