package dev.chaski.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class WarningLoggerFinderTest {
  @Test
  void isTheOneInUse() {
    assertThat(System.LoggerFinder.getLoggerFinder()).isInstanceOf(WarningLoggerFinder.class);
  }

  @Test
  void warningIsOneLineOnceAndTheRestIsDropped() {
    PrintStream original = System.err;
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      System.Logger ours =
          new WarningLoggerFinder().getLogger("dev.chaski.test", getClass().getModule());
      ours.log(System.Logger.Level.INFO, "the kernels are these");
      ours.log(System.Logger.Level.WARNING, "no {0}\nhere", "Vector API");
      ours.log(System.Logger.Level.WARNING, "no {0}\nhere", "Vector API");
      System.Logger others =
          new WarningLoggerFinder().getLogger("org.jline", getClass().getModule());
      others.log(System.Logger.Level.WARNING, "for developers");
    } finally {
      System.setErr(original);
    }

    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo("chaski: warning: no Vector API here" + System.lineSeparator());
  }
}
