package dev.chaski.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ModelExceptionsTest {
  private static final Path PATH = Path.of("model.gguf");

  @Test
  void aFaultSaysWhereItIs() {
    Throwable cause = new IOException();
    var fault = new ModelFormatException(PATH, 17, "no magic", cause);
    assertThat(fault).hasMessage("model.gguf: no magic (at byte 17)").hasCause(cause);
    assertThat(fault.path()).isEqualTo(PATH);
    assertThat(fault.offset()).isEqualTo(17);
    assertThat(fault.reason()).isEqualTo("no magic");
  }

  @Test
  void aFaultWithoutAPlaceNamesNone() {
    assertThat(new ModelFormatException(PATH, ModelFormatException.UNKNOWN_OFFSET, "too short"))
        .hasMessage("model.gguf: too short");
  }

  @Test
  void whatIsUnsupportedIsSaid() {
    var unsupported = new UnsupportedModelException(PATH, "version 9; 2 and 3 are supported");
    assertThat(unsupported).hasMessage("model.gguf: version 9; 2 and 3 are supported");
    assertThat(unsupported.path()).isEqualTo(PATH);
    assertThat(unsupported.reason()).isEqualTo("version 9; 2 and 3 are supported");
  }
}
