package dev.chaski.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes tensors as {@code model.safetensors}, or as several such files and their index, when they
 * are more than one file should hold.
 */
final class SafetensorsShards {
  /** Writes the bytes of a tensor. */
  interface Source {
    void writeTo(WritableByteChannel out) throws IOException;
  }

  private record Entry(
      String name, String dtype, List<Integer> shape, long byteSize, Source source) {}

  private final long maxShardBytes;
  private final List<List<Entry>> shards = new ArrayList<>();
  private long totalBytes;
  private long shardBytes;

  SafetensorsShards(long maxShardBytes) {
    this.maxShardBytes = maxShardBytes;
    shards.add(new ArrayList<>());
  }

  void add(String name, String dtype, List<Integer> shape, long byteSize, Source source) {
    if (shardBytes > 0 && shardBytes + byteSize > maxShardBytes) {
      shards.add(new ArrayList<>());
      shardBytes = 0;
    }
    shards.getLast().add(new Entry(name, dtype, shape, byteSize, source));
    shardBytes += byteSize;
    totalBytes += byteSize;
  }

  void writeTo(Path folder) throws IOException {
    if (shards.size() == 1) {
      writeShard(folder.resolve("model.safetensors"), shards.getFirst());
      return;
    }
    Map<String, String> files = new LinkedHashMap<>();
    for (int i = 0; i < shards.size(); i++) {
      String file = "model-%05d-of-%05d.safetensors".formatted(i + 1, shards.size());
      shards.get(i).forEach(entry -> files.put(entry.name(), file));
      writeShard(folder.resolve(file), shards.get(i));
    }
    JsonFile.write(
        folder.resolve("model.safetensors.index.json"),
        Map.of("metadata", Map.of("total_size", totalBytes), "weight_map", files));
  }

  private static void writeShard(Path file, List<Entry> entries) throws IOException {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("__metadata__", Map.of("format", "pt"));
    long offset = 0;
    for (Entry entry : entries) {
      header.put(
          entry.name(),
          Map.of(
              "dtype",
              entry.dtype(),
              "shape",
              entry.shape(),
              "data_offsets",
              List.of(offset, offset + entry.byteSize())));
      offset += entry.byteSize();
    }
    byte[] json = JsonFile.bytes(header);
    int padded = Math.ceilDiv(json.length, Long.BYTES) * Long.BYTES;
    ByteBuffer start =
        ByteBuffer.allocate(Long.BYTES + padded).order(ByteOrder.LITTLE_ENDIAN).putLong(padded);
    start.put(json);
    while (start.hasRemaining()) {
      start.put((byte) ' ');
    }
    try (FileChannel out =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      start.flip();
      while (start.hasRemaining()) {
        out.write(start);
      }
      for (Entry entry : entries) {
        entry.source().writeTo(out);
      }
    }
  }
}
