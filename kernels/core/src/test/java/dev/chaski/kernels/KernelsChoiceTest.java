package dev.chaski.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaski.kernels.KernelsProvider.Probe;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelsChoiceTest {
  private static final String ADD_MODULES = "--add-modules=jdk.incubator.vector";

  /** What the forked JVMs run: the choice, and what it says. */
  static final class PrintChoice {
    private PrintChoice() {}

    public static void main(String[] arguments) {
      KernelsChoice choice = KernelsChoice.best();
      System.out.println("chosen: " + choice.provider().name());
      System.out.println("reason: " + choice.reason());
      try (Kernels kernels = choice.provider().create(new KernelsOptions(2))) {
        System.out.println("created: " + kernels.name() + ", " + kernels.description());
      }
      try {
        System.out.println("by name: " + KernelsChoice.named("vector").provider().name());
      } catch (IllegalArgumentException e) {
        System.out.println("by name: " + e.getMessage());
      }
    }
  }

  @Test
  void vectorKernelsAreTheBestOfThisJvm() {
    KernelsChoice choice = KernelsChoice.best();
    assertThat(choice.provider().name()).isEqualTo("vector");
    assertThat(choice.reason()).contains("Vector API").contains("bits");
    assertThat(choice.candidates())
        .extracting(candidate -> candidate.provider().name())
        .containsExactly("vector", "scalar");
    assertThat(choice.candidates())
        .allSatisfy(c -> assertThat(c.probe()).isInstanceOf(Probe.Available.class));
  }

  @ParameterizedTest
  @ValueSource(strings = {"scalar", "vector"})
  void aProviderCanBeChosenByName(String name) {
    KernelsChoice choice = KernelsChoice.named(name);
    assertThat(choice.provider().name()).isEqualTo(name);
    assertThat(choice.reason()).contains("asked for");
    try (Kernels kernels = choice.provider().create(new KernelsOptions(3))) {
      assertThat(kernels.name()).isEqualTo(name);
      assertThat(kernels.description()).contains("3 threads");
    }
  }

  @Test
  void anUnknownNameIsAnsweredWithTheNamesThereAre() {
    assertThatThrownBy(() -> KernelsChoice.named("fast"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("'fast'", "vector", "scalar");
  }

  @Test
  void theDefaultIsAThreadForEachProcessor() {
    assertThat(KernelsOptions.defaults().threads())
        .isBetween(1, Runtime.getRuntime().availableProcessors());
  }

  @Test
  void theVectorModuleIsEnoughForAPlainJvm() throws Exception {
    assertThat(ForkedJvm.run(List.of(ADD_MODULES), PrintChoice.class))
        .contains("chosen: vector", "created: vector, Vector API", "by name: vector")
        .doesNotContain("WARNING: vector");
  }

  @Test
  void withoutTheModuleScalarKernelsAreChosenAndTheOptionIsNamed() throws Exception {
    String remedy = "start java with --add-modules jdk.incubator.vector";
    assertScalarIsChosen(ForkedJvm.run(List.of(), PrintChoice.class), remedy);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-Xint",
        "-XX:TieredStopAtLevel=0",
        "-XX:TieredStopAtLevel=1",
        "-XX:TieredStopAtLevel=3",
        "-XX:CompilationMode=quick-only",
        "-XX:-EnableVectorSupport"
      })
  void withoutTheOptimisingCompilerScalarKernelsAreChosenAndTheOptionIsNamed(String option)
      throws Exception {
    String output = run(option);
    assertScalarIsChosen(output, "remove that option");
    assertThat(output).contains("(" + option + ")");
  }

  /** Without it the Vector API computes each product in big decimals. */
  @Test
  void withoutFusedMultiplyAddScalarKernelsAreChosen() throws Exception {
    assertScalarIsChosen(run("-XX:-UseFMA"), "no -XX:UseAVX or -XX:-UseFMA");
  }

  private static String run(String option) throws Exception {
    List<String> options = List.of(ADD_MODULES, "-XX:+UnlockExperimentalVMOptions", option);
    return ForkedJvm.run(options, PrintChoice.class);
  }

  /** In the choice, in the one warning, and in the answer to who insists. */
  private static void assertScalarIsChosen(String output, String remedy) {
    assertThat(output).contains("chosen: scalar", "created: scalar, plain Java, 2 threads");
    assertThat(line(output, "reason: ")).contains("better kernels cannot be used", remedy);
    assertThat(line(output, "WARNING: scalar")).contains("better kernels cannot be used", remedy);
    assertThat(line(output, "by name: ")).contains("'vector' cannot be used", remedy);
  }

  private static String line(String output, String start) {
    List<String> lines = output.lines().filter(line -> line.startsWith(start)).toList();
    assertThat(lines).as("lines that start with '%s' in %s", start, output).hasSize(1);
    return lines.getFirst();
  }
}
