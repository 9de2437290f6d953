package dev.chaski.safetensors;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes safetensors files, sound ones and, given the header as text, any others. */
public final class SafetensorsBuilder {
  private final List<String> entries = new ArrayList<>();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();

  /** A file without tensors. */
  public SafetensorsBuilder() {}

  /** Adds a tensor behind those that are there. */
  public SafetensorsBuilder add(String name, String dtype, List<Integer> shape, byte[] bytes) {
    int begin = data.size();
    data.writeBytes(bytes);
    return entry(
        "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
            .formatted(name, dtype, shape, begin, data.size()));
  }

  /** Adds any text to the header's object. */
  public SafetensorsBuilder entry(String json) {
    entries.add(json);
    return this;
  }

  /** Adds bytes that no entry speaks of. */
  public SafetensorsBuilder bytes(int count) {
    data.writeBytes(new byte[count]);
    return this;
  }

  /** Writes the file. */
  public Path writeTo(Path file) throws IOException {
    return write(file, "{" + String.join(",", entries) + "}", data.toByteArray());
  }

  /** Writes a file with this header and data. */
  public static Path write(Path file, String header, byte[] data) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json).put(data);
    return Files.write(file, bytes.array());
  }
}
