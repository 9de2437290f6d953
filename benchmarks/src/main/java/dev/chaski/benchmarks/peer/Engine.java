package dev.chaski.benchmarks.peer;

import dev.chaski.measure.SpeedTest;
import java.io.IOException;
import java.time.Duration;

/** An open model that can be timed. */
interface Engine extends AutoCloseable {
  /** Name and version, for people. */
  String name();

  /** Runs a test once and answers what its timed tokens took. */
  Duration run(SpeedTest test) throws IOException;

  @Override
  void close() throws IOException;
}
