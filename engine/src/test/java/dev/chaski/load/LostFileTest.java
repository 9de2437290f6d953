package dev.chaski.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What happens to the file of a model while it answers. Reading where a mapped file has ended ends
 * the process when the reading code is compiled vector code, so it must be noticed before.
 */
@EnabledOnOs(OS.LINUX) // others do not let a mapped file be cut, or say nothing about it
class LostFileTest {
  private static final int TIMEOUT_SECONDS = 120;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "vector, EMPTIED, the file was cut while in use: it has 0 bytes left of",
    "scalar, EMPTIED, the file was cut while in use: it has 0 bytes left of",
    "vector, CUT, the file was cut while in use",
    "scalar, CUT, the file was cut while in use",
    "vector, OVERWRITTEN, 'while in use; open the model again'",
    "vector, REPLACED, the same answer",
    "vector, DELETED, the same answer",
  })
  void theProcessLivesOnAndSaysWhatHappened(String kernels, String mishap, String expected)
      throws IOException, InterruptedException {
    Path output = folder.resolve("output.txt");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-modules",
            "jdk.incubator.vector",
            "-XX:ErrorFile=" + folder.resolve("crash.log"),
            "--class-path",
            System.getProperty("java.class.path"),
            LostFile.class.getName(),
            kernels,
            mishap,
            folder.toString());
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly();
    String text = Files.readString(output, StandardCharsets.UTF_8);
    assertThat(ended).as(text).isTrue();
    assertThat(process.exitValue()).as(text).isZero();
    assertThat(text).contains(expected).endsWith("still running\n");
  }
}
