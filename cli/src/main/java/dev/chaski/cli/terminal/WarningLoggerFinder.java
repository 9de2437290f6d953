package dev.chaski.cli.terminal;

import java.text.MessageFormat;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where log messages of the library go: a warning becomes one line on stderr, the same one only
 * once; anything less is dropped. Found by {@link java.util.ServiceLoader}.
 */
public final class WarningLoggerFinder extends System.LoggerFinder {
  private final Map<String, System.Logger> loggers = new ConcurrentHashMap<>();
  private final Set<String> said = ConcurrentHashMap.newKeySet();

  /** For {@link java.util.ServiceLoader}. */
  public WarningLoggerFinder() {}

  @Override
  public System.Logger getLogger(String name, Module module) {
    return loggers.computeIfAbsent(name, LineLogger::new);
  }

  private final class LineLogger implements System.Logger {
    private final String name;

    LineLogger(String name) {
      this.name = name;
    }

    @Override
    public String getName() {
      return name;
    }

    /** Of others, the JDK and JLine, only errors: their warnings are for developers. */
    @Override
    public boolean isLoggable(Level level) {
      Level least = name.startsWith("dev.chaski") ? Level.WARNING : Level.ERROR;
      return level.getSeverity() >= least.getSeverity() && level != Level.OFF;
    }

    @Override
    public void log(Level level, ResourceBundle bundle, String message, Throwable thrown) {
      if (isLoggable(level)) {
        say(level, thrown == null ? message : message + ": " + thrown.getMessage());
      }
    }

    @Override
    public void log(Level level, ResourceBundle bundle, String format, Object... parameters) {
      if (isLoggable(level)) {
        boolean plain = parameters == null || parameters.length == 0;
        say(level, plain ? format : MessageFormat.format(format, parameters));
      }
    }

    private void say(Level level, String message) {
      if (said.add(message)) {
        System.err.println(
            "chaski: "
                + (level == Level.WARNING ? "warning: " : "error: ")
                + message.replace('\n', ' '));
      }
    }
  }
}
