package dev.chaski;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.chaski.kernels.TensorType;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Which package of the engine may import which. The module descriptors check the arrows between
 * modules; these are the ones inside.
 */
class PackageArrowsTest {
  private static final String ROOT = "dev.chaski";
  private static final String KERNELS = ROOT + ".kernels..";
  private static final String TOKENIZER = ROOT + ".tokenizer..";

  /** Each package with those of ours that it may import. */
  private static final Map<String, List<String>> ARROWS =
      Map.ofEntries(
          Map.entry("format", List.of()),
          Map.entry("gguf", List.of("format")), // and TensorType
          Map.entry("safetensors", List.of("format")), // and TensorType
          Map.entry("model", List.of("kernels")),
          Map.entry(
              "load", List.of("format", "gguf", "safetensors", "model", "kernels", "tokenizer")),
          Map.entry(
              "convert",
              List.of("format", "gguf", "safetensors", "load", "model", "kernels", "tokenizer")),
          Map.entry("sample", List.of()),
          Map.entry("chat", List.of("tokenizer")),
          Map.entry("chat.jinja", List.of()),
          Map.entry("generate", List.of("model", "sample", "tokenizer")));

  private static JavaClasses engine;

  @BeforeAll
  static void read() {
    engine =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT)
            .that(DescribedPredicate.not(resideInAnyPackage(KERNELS, TOKENIZER)));
  }

  static Stream<String> packages() {
    return ARROWS.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("packages")
  void importsOnlyWhatItMay(String name) {
    String self = ROOT + "." + name + "..";
    List<String> allowed =
        Stream.concat(
                Stream.of(self), ARROWS.get(name).stream().map(other -> ROOT + "." + other + ".."))
            .toList();
    DescribedPredicate<JavaClass> foreign = DescribedPredicate.not(resideInAPackage(ROOT + ".."));
    DescribedPredicate<JavaClass> may =
        foreign.or(resideInAnyPackage(allowed.toArray(String[]::new)));
    if (name.equals("gguf") || name.equals("safetensors")) {
      may = may.or(equivalentTo(TensorType.class));
    }
    classes()
        .that()
        .resideInAPackage(self)
        .should()
        .onlyDependOnClassesThat(may.as("are in %s, or not ours", allowed))
        .allowEmptyShould(true) // a package of the table that is still to come
        .check(engine);
  }

  @Test
  void everyPackageIsInTheTable() {
    List<String> found =
        engine.stream()
            .map(type -> type.getPackageName())
            .filter(name -> !name.equals(ROOT))
            .map(name -> name.substring(ROOT.length() + 1))
            .distinct()
            .toList();
    assertThat(found).contains("gguf", "model", "load", "generate").isSubsetOf(ARROWS.keySet());
  }

  @Test
  void nothingImportsTheFacade() {
    classes()
        .that()
        .resideInAPackage(ROOT)
        .should()
        .onlyHaveDependentClassesThat()
        .resideInAPackage(ROOT)
        .check(engine);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(engine);
  }
}
