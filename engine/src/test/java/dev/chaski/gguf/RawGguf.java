package dev.chaski.gguf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes GGUF byte by byte and checks nothing, to make files that {@link GgufWriter} refuses. */
final class RawGguf {
  static final int UINT8 = 0;
  static final int UINT32 = 4;
  static final int BOOL = 7;
  static final int STRING = 8;
  static final int ARRAY = 9;
  static final int F32 = 0;
  static final int Q8_0 = 8;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** A file that starts with the magic, version 3, and these counts. */
  static RawGguf withCounts(long tensors, long entries) {
    return new RawGguf().text("GGUF").u32(3).u64(tensors).u64(entries);
  }

  RawGguf u8(int value) {
    out.write(value);
    return this;
  }

  RawGguf u32(long value) {
    return bytes(value, Integer.BYTES);
  }

  RawGguf u64(long value) {
    return bytes(value, Long.BYTES);
  }

  /** Characters without a length, one byte each. */
  RawGguf text(String latin1) {
    out.writeBytes(latin1.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  /** A string: its length and its characters, one byte each. */
  RawGguf string(String latin1) {
    return u64(latin1.length()).text(latin1);
  }

  /** One row of the tensor table. */
  RawGguf tensor(String name, int type, long offset, long... shape) {
    string(name).u32(shape.length);
    for (long size : shape) {
      u64(size);
    }
    return u32(type).u64(offset);
  }

  /** Zeros up to the next multiple of {@code alignment}. */
  RawGguf align(int alignment) {
    return zeros(Math.floorMod(-out.size(), alignment));
  }

  RawGguf zeros(int count) {
    out.writeBytes(new byte[count]);
    return this;
  }

  byte[] toBytes() {
    return out.toByteArray();
  }

  Path writeTo(Path path) throws IOException {
    return Files.write(path, toBytes());
  }

  private RawGguf bytes(long value, int count) {
    for (int i = 0; i < count; i++) {
      out.write((int) (value >>> (8 * i)));
    }
    return this;
  }
}
