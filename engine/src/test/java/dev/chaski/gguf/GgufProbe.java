package dev.chaski.gguf;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** Opens a file and reads all that it offers, as a caller with no expectations would. */
public final class GgufProbe {
  private GgufProbe() {}

  /**
   * Reads everything.
   *
   * @throws IOException if the file is refused
   */
  public static void readAll(Path path) throws IOException {
    try (GgufFile file = GgufFile.open(path)) {
      for (GgufEntry entry : file.metadata().entries()) {
        file.metadata().summary(entry);
        readValue(file.metadata(), entry);
      }
      for (GgufTensor tensor : file.tensors()) {
        MemorySegment data = tensor.data();
        data.get(ValueLayout.JAVA_BYTE, 0);
        data.get(ValueLayout.JAVA_BYTE, data.byteSize() - 1);
      }
    }
  }

  private static void readValue(GgufMetadata metadata, GgufEntry entry) throws IOException {
    switch (entry.type()) {
      case UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64 ->
          metadata.getLong(entry.key());
      case FLOAT32, FLOAT64 -> metadata.getFloat(entry.key());
      case BOOL -> metadata.getBoolean(entry.key());
      case STRING -> metadata.getString(entry.key());
      case ARRAY -> readArray(metadata, entry, entry.elementType().orElseThrow());
    }
  }

  private static void readArray(GgufMetadata metadata, GgufEntry entry, GgufValueType type)
      throws IOException {
    if (type.isInteger()) {
      metadata.getInts(entry.key());
    } else if (type.isFloat()) {
      metadata.getFloats(entry.key());
    } else if (type == GgufValueType.STRING) {
      metadata.getStrings(entry.key());
    }
  }
}
