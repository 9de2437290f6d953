package dev.chaski.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What happens to the file of a model while it answers. Reading where a mapped file has ended can
 * end the process, so it must be noticed before; see {@link dev.chaski.format.MappedFile}.
 */
@EnabledOnOs(OS.LINUX) // others do not let a mapped file be cut, or say nothing about it
class LostFileTest {
  private static final int TIMEOUT_SECONDS = 300;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "vector, MAPPED, EMPTIED, the file was cut while in use: it has 0 bytes left of",
    "scalar, MAPPED, EMPTIED, the file was cut while in use: it has 0 bytes left of",
    "vector, MAPPED, CUT, the file was cut while in use",
    "scalar, MAPPED, CUT, the file was cut while in use",
    "vector, MAPPED, OVERWRITTEN, 'while in use; open the model again'",
    "vector, MAPPED, TOUCHED, the same answer",
    "vector, MAPPED, REPLACED, the same answer",
    "vector, MAPPED, DELETED, the same answer",
    "vector, IN_MEMORY, EMPTIED, the same answer",
    "vector, IN_MEMORY, OVERWRITTEN, the same answer",
  })
  void theProcessLivesOnAndSaysWhatHappened(
      String kernels, String access, String mishap, String expected)
      throws IOException, InterruptedException {
    assertThat(run(LostFile.class, kernels, access, mishap, folder.toString()))
        .contains(expected)
        .endsWith("still running\n");
  }

  /**
   * Cut at any time, also between a check and what it is for. That no copy minds is promised; a
   * mapped file of weights that kernels look nothing up with is what we can have besides.
   */
  @ParameterizedTest
  @CsvSource({"Q8_0, IN_MEMORY", "F32, MAPPED"})
  void itLivesOnWheneverTheFileIsCut(String type, String access)
      throws IOException, InterruptedException {
    assertThat(run(CutRace.class, type, access, "10", folder.toString()))
        .endsWith("10 times cut, still running\n");
  }

  private String run(Class<?> program, String... args) throws IOException, InterruptedException {
    Path output = folder.resolve("output.txt");
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-modules",
            "jdk.incubator.vector",
            "-XX:ErrorFile=" + folder.resolve("crash.log"),
            "--class-path",
            System.getProperty("java.class.path"),
            program.getName()));
    command.addAll(List.of(args));
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
    return text;
  }
}
