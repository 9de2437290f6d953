package dev.chaski.chat;

import java.time.Clock;
import java.time.ZoneId;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a chat template is given beside messages and tools.
 *
 * @param source Jinja source to use in place of the checkpoint's own
 * @param clock what {@code strftime_now} reads, in the clock's time zone
 * @param arguments further variables: {@code date_string}, {@code builtin_tools}, {@code
 *     tools_in_user_message}, ...; strings, booleans, integers, doubles, nulls, and lists and maps
 *     of them
 */
public record TemplateOptions(Optional<String> source, Clock clock, Map<String, Object> arguments) {
  /** Copies the map. */
  public TemplateOptions {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(clock, "clock");
    arguments = Collections.unmodifiableMap(new HashMap<>(arguments));
  }

  /** The checkpoint's template, the system's clock, nothing further. */
  public static TemplateOptions defaults() {
    return new TemplateOptions(Optional.empty(), Clock.system(ZoneId.systemDefault()), Map.of());
  }

  /** The same with another template. */
  public TemplateOptions withSource(String newSource) {
    return new TemplateOptions(Optional.of(newSource), clock, arguments);
  }

  /** The same with another clock. */
  public TemplateOptions withClock(Clock newClock) {
    return new TemplateOptions(source, newClock, arguments);
  }

  /** The same with one more variable, or another value for it. */
  public TemplateOptions withArgument(String name, Object value) {
    Map<String, Object> more = new HashMap<>(arguments);
    more.put(name, value);
    return new TemplateOptions(source, clock, more);
  }
}
