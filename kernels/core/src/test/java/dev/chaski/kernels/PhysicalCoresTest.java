package dev.chaski.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PhysicalCoresTest {
  @TempDir private Path folder;

  /** Two processors to a core: 0 and 4, 1 and 5 and so on. */
  private void eightProcessorsOfFourCores() throws IOException {
    for (int i = 0; i < 8; i++) {
      Path topology = Files.createDirectories(folder.resolve("cpu" + i + "/topology"));
      Files.writeString(topology.resolve("thread_siblings_list"), i % 4 + "," + (i % 4 + 4) + "\n");
    }
    Files.createDirectories(folder.resolve("cpufreq")); // is also there, and no processor
  }

  private Path status(String allowed) throws IOException {
    String text =
        "Name:\tjava\nCpus_allowed:\tff\nCpus_allowed_list:\t" + allowed + "\nSeccomp:\t0\n";
    return Files.writeString(folder.resolve("status"), text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"0-7; 4", "0-3; 4", "0,4; 1", "0,5; 2", "0-1,4-5; 2", "7; 1", "0-63; 4"})
  void processorsOfOneCoreCountOnce(String allowed, int cores) throws IOException {
    eightProcessorsOfFourCores();
    assertThat(PhysicalCores.count(folder, status(allowed))).hasValue(cores);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0-", "x", "3-1", "9"})
  void whatMakesNoSenseIsUnknown(String allowed) throws IOException {
    eightProcessorsOfFourCores();
    assertThat(PhysicalCores.count(folder, status(allowed))).isEmpty();
  }

  @Test
  void aSystemWithoutSuchFilesIsUnknown() throws IOException {
    assertThat(PhysicalCores.count(folder.resolve("none"), status("0-7"))).isEmpty();
    assertThat(PhysicalCores.count(folder, folder.resolve("none"))).isEmpty();
    Files.createDirectories(folder.resolve("cpu0"));
    assertThat(PhysicalCores.count(folder, status("0"))).isEmpty();
  }
}
