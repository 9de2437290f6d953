package dev.chaski.gguf;

import dev.chaski.format.FileAccess;
import dev.chaski.format.MappedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** One GGUF file on disk, parsed: a whole model or a part of a split one. Owns its mapping. */
record GgufPart(
    MappedFile file, int version, int alignment, GgufMetadata metadata, List<GgufTensor> tensors)
    implements AutoCloseable {

  static GgufPart open(Path path, FileAccess access) throws IOException {
    MappedFile file = MappedFile.open(path, access);
    try {
      return file.<GgufPart, IOException>read(_ -> new GgufParser(file).parse());
    } catch (IOException | RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
