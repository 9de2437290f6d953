package dev.chaski.cli.bench;

import dev.chaski.measure.SpeedResult;
import dev.chaski.measure.SpeedTest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The result of one test.
 *
 * @param setup what it ran on
 * @param batchSize tokens of the prompt in one pass
 * @param result its times
 * @param when it ended
 */
public record BenchRow(BenchSetup setup, int batchSize, SpeedResult result, Instant when) {
  /**
   * All there is to say, by name: texts, numbers, and lists of numbers. What llama-bench says too
   * has the name that it has there.
   */
  Map<String, Object> fields() {
    SpeedTest test = result.test();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("build", "chaski " + setup.version());
    fields.put("cpu_info", setup.machine().cpu());
    fields.put("processors", setup.machine().processors());
    fields.put("os", setup.machine().os());
    fields.put("jdk", setup.machine().jdk());
    fields.put("kernels", setup.kernels());
    fields.put("kernels_description", setup.kernelsDescription());
    fields.put("model_filename", setup.file());
    fields.put("model_type", setup.type());
    fields.put("model_size", setup.bytes());
    fields.put("model_n_params", setup.weights());
    fields.put("n_batch", batchSize);
    fields.put("n_threads", setup.options().threads());
    fields.put("type_kv", setup.options().kvType().name());
    fields.put("n_prompt", test.promptTokens());
    fields.put("n_gen", test.generatedTokens());
    fields.put("n_depth", test.depth());
    fields.put("test_time", when.truncatedTo(ChronoUnit.SECONDS).toString());
    fields.put("avg_ns", Math.round(result.meanNanos()));
    fields.put("stddev_ns", Math.round(result.deviationNanos()));
    fields.put("avg_ts", result.mean());
    fields.put("stddev_ts", result.deviation());
    fields.put("samples_ns", result.times().stream().map(Duration::toNanos).toList());
    fields.put("samples_ts", result.tokensPerSecond());
    return fields;
  }
}
