package dev.chaski.benchmarks.peer;

import dev.chaski.Chaski;
import dev.chaski.Options;
import dev.chaski.measure.SpeedMeter;
import dev.chaski.measure.SpeedTest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Ourselves, in this process. */
final class ChaskiEngine implements Engine {
  private final Chaski chaski;
  private final Options options;
  private final Map<SpeedTest, SpeedMeter> meters = new HashMap<>();

  ChaskiEngine(Path model, Options options) throws IOException {
    this.options = options;
    this.chaski = Chaski.open(model, options);
  }

  /** What the model is: {@code 1.24 B Q8_0}. */
  String model() {
    return chaski.loaded().info().summary();
  }

  @Override
  public String name() {
    return "Chaski, " + chaski.loaded().model().kernelsDescription();
  }

  @Override
  public Duration run(SpeedTest test) {
    return meters.computeIfAbsent(test, this::meter).run();
  }

  private SpeedMeter meter(SpeedTest test) {
    return new SpeedMeter(chaski.loaded().model(), test, options.kvType(), options.prefillBatch());
  }

  @Override
  public void close() {
    meters.values().forEach(SpeedMeter::close);
    chaski.close();
  }
}
