package dev.chaski.gguf;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

class MalformedGgufFileTest extends MalformedGgufContract {
  @Override
  protected Set<String> stages() {
    return Set.of("header", "metadata", "tensor-info", "data");
  }

  @Override
  protected void open(Path file) throws IOException {
    GgufFile.open(file).close();
  }
}
