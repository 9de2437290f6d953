package dev.chaski.benchmarks.peer;

import dev.chaski.measure.SpeedTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * llama.cpp, through node-llama-cpp in a process of its own that lives as long as this. Its driver
 * is the resource {@code llama-driver.mjs}; node finds the package in the folder it starts in.
 */
final class LlamaCppEngine implements Engine {
  private static final String DRIVER = "llama-driver.mjs";
  private static final Pattern NAME = Pattern.compile("\\{\"name\":\"([^\"]*)\"}");
  private static final Pattern NANOS = Pattern.compile("\\{\"nanos\":(\\d+)}");

  /**
   * How it is started.
   *
   * @param node the program
   * @param folder where node-llama-cpp is installed
   * @param context positions, for the longest test
   * @param batch tokens of the prompt in one pass
   */
  record Setup(
      String node,
      Path folder,
      Path model,
      int threads,
      int context,
      int batch,
      boolean flashAttention) {}

  private final Process process;
  private final Writer in;
  private final BufferedReader out;
  private final String name;

  /**
   * Starts it and waits until the model is loaded.
   *
   * @throws IOException if it cannot be started; what it said is on our standard error
   */
  LlamaCppEngine(Setup setup) throws IOException {
    Path installed = setup.folder().resolve("node_modules/node-llama-cpp");
    if (!Files.isDirectory(installed)) {
      throw new IOException(
          installed
              + ": there is no such folder; install it with 'npm install node-llama-cpp' in "
              + setup.folder());
    }
    process =
        new ProcessBuilder(
                List.of(
                    setup.node(), "--input-type=module", "-e", driver(), "--", arguments(setup)))
            .directory(setup.folder().toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    in = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
    out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    try {
      name = answer(NAME);
    } catch (IOException e) {
      process.destroy();
      throw e;
    }
  }

  private static String driver() throws IOException {
    try (InputStream driver = LlamaCppEngine.class.getResourceAsStream(DRIVER)) {
      if (driver == null) {
        throw new IOException("the jar lacks " + DRIVER + "; build it again");
      }
      return new String(driver.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String arguments(Setup setup) {
    return new JsonText()
        .put("model", setup.model().toAbsolutePath().toString())
        .put("threads", setup.threads())
        .put("context", setup.context())
        .put("batch", setup.batch())
        .put("flashAttention", setup.flashAttention())
        .toString();
  }

  /** Reads lines until one matches; others are somebody's chatter. */
  private String answer(Pattern pattern) throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      Matcher matcher = pattern.matcher(line.strip());
      if (matcher.matches()) {
        return matcher.group(1);
      }
    }
    throw new IOException(
        "llama.cpp ended without an answer; what it said is above (or nothing: out of memory?)");
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Duration run(SpeedTest test) throws IOException {
    in.write(test.promptTokens() + " " + test.generatedTokens() + " " + test.depth() + "\n");
    in.flush();
    return Duration.ofNanos(Long.parseLong(answer(NANOS)));
  }

  /** Ends the process. */
  @Override
  public void close() throws IOException {
    try {
      in.close();
    } finally {
      process.destroy();
    }
  }
}
