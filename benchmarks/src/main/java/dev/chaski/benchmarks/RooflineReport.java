package dev.chaski.benchmarks;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;

/**
 * A table of results: time, GB/s, GFLOP/s, and how near that is to the machine's limit as {@link
 * RooflineBenchmark} found it in the same run, with as many threads and registers as wide. The
 * limit is the time that memory or arithmetic alone would take, whichever is longer.
 */
final class RooflineReport {
  private static final String ALLOCATION = "gc.alloc.rate.norm";

  /** Threads and width decide what a machine can do. */
  private record Setting(String width, int threads) {}

  /** Nanoseconds of one operation, its work, and bytes it allocated. */
  private record Row(
      Setting setting, String name, double nanos, Optional<Work> work, Optional<Double> garbage) {}

  private final List<Row> rows = new ArrayList<>();
  private final Map<Setting, Double> bytesPerNano = new HashMap<>();
  private final Map<Setting, Double> flopsPerNano = new HashMap<>();

  /**
   * Takes results.
   *
   * @param width what to say about their vector registers
   */
  void add(String width, Collection<RunResult> results) {
    for (RunResult result : results) {
      BenchmarkParams params = result.getParams();
      Setting setting = new Setting(width, threads(params));
      double nanos = nanos(params, result.getPrimaryResult().getScore());
      Optional<Work> work = work(params);
      if (params.getBenchmark().startsWith(RooflineBenchmark.class.getName() + ".")) {
        Work limit = work.orElseThrow();
        if (limit.fromMemory()) {
          bytesPerNano.put(setting, limit.bytes() / nanos);
        } else {
          flopsPerNano.put(setting, limit.flops() / nanos);
        }
      }
      rows.add(new Row(setting, name(width, params), nanos, work, garbage(result)));
    }
  }

  private static int threads(BenchmarkParams params) {
    String threads = params.getParam("threads");
    return threads == null ? 1 : Integer.parseInt(threads);
  }

  private static double nanos(BenchmarkParams params, double score) {
    double unit = TimeUnit.NANOSECONDS.convert(1, params.getTimeUnit());
    return params.getMode() == Mode.Throughput ? unit / score : score * unit;
  }

  private static Optional<Double> garbage(RunResult result) {
    for (String key : result.getSecondaryResults().keySet()) {
      if (key.endsWith(ALLOCATION)) {
        return Optional.of(result.getSecondaryResults().get(key).getScore());
      }
    }
    return Optional.empty();
  }

  /** Class without package and {@code Benchmark}, method, and parameters. */
  private static String name(String width, BenchmarkParams params) {
    String full = params.getBenchmark();
    String method = full.substring(full.lastIndexOf('.') + 1);
    String owner = full.substring(0, full.lastIndexOf('.'));
    String name = owner.substring(owner.lastIndexOf('.') + 1).replace("Benchmark", "");
    StringBuilder text = new StringBuilder(name).append('.').append(method);
    for (String key : params.getParamsKeys()) {
      text.append(' ').append(key).append('=').append(params.getParam(key));
    }
    return width.isEmpty() ? text.toString() : text.append(' ').append(width).toString();
  }

  /** Asks the benchmark itself, with its parameters set as JMH sets them. */
  static Optional<Work> work(BenchmarkParams params) {
    String full = params.getBenchmark();
    try {
      Class<?> type = Class.forName(full.substring(0, full.lastIndexOf('.')));
      if (!Measured.class.isAssignableFrom(type)) {
        return Optional.empty();
      }
      Measured benchmark = (Measured) type.getConstructor().newInstance();
      for (String key : params.getParamsKeys()) {
        Field field = type.getField(key);
        field.set(benchmark, value(field.getType(), params.getParam(key)));
      }
      return Optional.of(benchmark.work());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(full + " cannot be asked for its work", e);
    }
  }

  private static Object value(Class<?> type, String text) {
    if (type == int.class) {
      return Integer.valueOf(text);
    }
    if (type == float.class) {
      return Float.valueOf(text);
    }
    if (type.isEnum()) {
      for (Object constant : type.getEnumConstants()) {
        if (((Enum<?>) constant).name().equals(text)) {
          return constant;
        }
      }
    }
    return text;
  }

  /** The table, in Markdown. */
  String text() {
    StringBuilder text = new StringBuilder("\n");
    boolean hasGarbage = rows.stream().anyMatch(row -> row.garbage().isPresent());
    text.append("| benchmark | µs | GB/s | GFLOP/s | of the limit |")
        .append(hasGarbage ? " bytes allocated |\n" : "\n")
        .append("|---|--:|--:|--:|--:|")
        .append(hasGarbage ? "--:|\n" : "\n");
    for (Row row : rows) {
      text.append("| ").append(row.name());
      text.append(" | ").append(number(row.nanos() / 1e3));
      Optional<Work> work = row.work();
      text.append(" | ").append(rate(work.map(Work::bytes).orElse(0L), row.nanos()));
      text.append(" | ").append(rate(work.map(Work::flops).orElse(0L), row.nanos()));
      text.append(" | ").append(work.flatMap(w -> fraction(row, w)).orElse("")).append(" |");
      if (hasGarbage) {
        text.append(' ').append(row.garbage().map(RooflineReport::number).orElse("")).append(" |");
      }
      text.append('\n');
    }
    return text.toString();
  }

  private Optional<String> fraction(Row row, Work work) {
    double limit = 0;
    Double bytes = bytesPerNano.get(row.setting());
    if (bytes != null && work.fromMemory()) {
      limit = work.bytes() / bytes;
    }
    Double flops = flopsPerNano.get(row.setting());
    if (flops != null) {
      limit = Math.max(limit, work.flops() / flops);
    }
    return limit == 0
        ? Optional.empty()
        : Optional.of(String.format(Locale.ROOT, "%.0f %%", 100 * limit / row.nanos()));
  }

  private static String rate(long count, double nanos) {
    return count == 0 ? "" : number(count / nanos);
  }

  private static String number(double value) {
    String format = value >= 1000 ? "%.0f" : value >= 10 ? "%.1f" : "%.3f";
    return String.format(Locale.ROOT, format, value);
  }
}
