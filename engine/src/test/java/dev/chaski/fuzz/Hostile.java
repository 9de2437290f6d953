package dev.chaski.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.chat.jinja.JinjaException;
import dev.chaski.format.ModelFormatException;
import dev.chaski.format.UnsupportedModelException;
import dev.chaski.grammar.GrammarException;
import dev.chaski.tokenizer.TokenizerFormatException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** What may come of an input from a stranger. */
final class Hostile {
  /**
   * Of the processor's time, so that other programs do not count. Generous: the fuzzer's
   * instrumentation slows everything down.
   */
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private Hostile() {}

  /** Something done with the input. */
  @FunctionalInterface
  interface Use {
    /** Does it. */
    void run() throws Exception;
  }

  /** Lets pass a result or a refusal in time; all else, errors included, is a finding. */
  static void use(Use use) throws Exception {
    long start = THREADS.getCurrentThreadCpuTime();
    try {
      use.run();
    } catch (ModelFormatException
        | UnsupportedModelException
        | TokenizerFormatException
        | JinjaException
        | GrammarException refused) {
      assertThat(refused.getMessage()).as("message of %s", refused.getClass()).isNotBlank();
    }
    Duration taken = Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - start);
    assertThat(taken).as("time taken").isLessThan(LIMIT);
  }

  /** The input as text; what is not UTF-8 becomes U+FFFD. */
  static String text(byte[] data) {
    return new String(data, StandardCharsets.UTF_8);
  }

  /** A seed. */
  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
