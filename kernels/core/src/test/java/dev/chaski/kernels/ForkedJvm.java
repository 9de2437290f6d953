package dev.chaski.kernels;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a test class of ours in a JVM of its own, without the options of this one. */
public final class ForkedJvm {
  private static final int TIMEOUT_SECONDS = 120;

  private ForkedJvm() {}

  /**
   * What {@code main} prints, on both streams.
   *
   * @param options of the JVM
   * @throws IllegalStateException if it fails or does not end
   */
  public static String run(List<String> options, Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("--class-path");
    command.add(classesOf(KernelsProvider.class) + File.pathSeparator + classesOf(main));
    command.add(main.getName());
    command.addAll(List.of(arguments));

    Path output = Files.createTempFile("forked-jvm", ".txt");
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().remove("JDK_JAVA_OPTIONS");
      builder.environment().remove("JAVA_TOOL_OPTIONS");
      Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
      boolean ended = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      if (!ended) {
        process.destroyForcibly();
      }
      String text = Files.readString(output, StandardCharsets.UTF_8);
      if (!ended || process.exitValue() != 0) {
        throw new IllegalStateException(
            (ended ? "exit code " + process.exitValue() : "still running")
                + ": "
                + String.join(" ", command)
                + "\n"
                + text);
      }
      return text;
    } finally {
      Files.delete(output);
    }
  }

  private static Path classesOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
