package dev.chaski.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.cli.terminal.Console;
import dev.chaski.kernels.DeviceException;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FailuresTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Failures failures =
      new Failures(
          new Console(
              InputStream.nullInputStream(),
              OutputStream.nullOutputStream(),
              err,
              Set.of(),
              Map.of()),
          new ChaskiCommand());

  @Test
  void aDeviceThatFailsIsOneLineAndNoInternalError() {
    DeviceException full = new DeviceException("the device is full;\n  use --gpu-layers 3");

    assertThat(failures.report(full)).isEqualTo(ExitStatus.FAILURE);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo("chaski: the device is full; use --gpu-layers 3" + System.lineSeparator());
  }

  @Test
  void whatNobodyThoughtOfIsAnInternalError() {
    assertThat(failures.report(new IllegalStateException("odd"))).isEqualTo(ExitStatus.FAILURE);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith("chaski: internal error: ")
        .contains("odd", "--debug");
  }
}
