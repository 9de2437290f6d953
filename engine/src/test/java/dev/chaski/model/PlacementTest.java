package dev.chaski.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.chaski.SharedFiles;
import dev.chaski.format.FileAccess;
import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KernelsChoice;
import dev.chaski.kernels.KernelsOptions;
import dev.chaski.kernels.TensorType;
import dev.chaski.load.GgufLoader;
import dev.chaski.load.LlamaShape;
import dev.chaski.load.LoadedModel;
import dev.chaski.load.WeightsListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A model whose layers are shared by two kernels: here, of the processor both. */
class PlacementTest {
  private static final int MORE_THAN_THERE_ARE = 99;

  @TempDir private Path folder;
  private Kernels vector;
  private Kernels scalar;

  @BeforeEach
  void open() {
    vector = KernelsChoice.named("vector").provider().create(new KernelsOptions(2));
    scalar = KernelsChoice.named("scalar").provider().create(new KernelsOptions(2));
  }

  @AfterEach
  void close() {
    vector.close();
    scalar.close();
  }

  static Stream<Arguments> goldens() throws IOException {
    Optional<Path> shared = SharedFiles.find("vectors/logits");
    assumeTrue(shared.isPresent(), "skipped: ../shared/vectors/logits is not here");
    List<LogitsGolden> goldens =
        LogitsGolden.all(shared.get()).stream()
            .filter(golden ->
                golden.name().equals("stories260K-F32")
                    || golden.name().equals("stories260K-pad192-Q8_0"))
            .toList();
    return goldens.stream()
        .flatMap(golden ->
            IntStream.of(0, 1, 3, 5, MORE_THAN_THERE_ARE)
                .mapToObj(layers -> Arguments.of(golden, layers)));
  }

  @ParameterizedTest(name = "{0}, {1} layers above")
  @MethodSource("goldens")
  void agreesWithTheFloat64ReferenceWhereverTheBorderIs(LogitsGolden golden, int layers)
      throws IOException {
    LogitsCheck.check(golden, TensorType.F32, Placement.split(scalar, vector, layers));
  }

  /** Where both parts compute alike, nothing is lost on the way from one to the other. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void theBorderChangesNoBit(int layers) throws IOException {
    for (LlamaShape shape : RandomModel.SHAPES) {
      Path file = RandomModel.write(shape, folder);
      try (Kernels other = KernelsChoice.named("vector").provider().create(new KernelsOptions(1));
          LoadedModel whole = GgufLoader.load(file, vector);
          LoadedModel split =
              GgufLoader.load(
                  file,
                  Placement.split(vector, other, layers),
                  FileAccess.MAPPED,
                  WeightsListener.NONE)) {
        int[] ids = {1, 7, 250, 13, 13, 99, 4};
        assertThat(LogitsRun.logits(split.model(), TensorType.F16, ids))
            .isDeepEqualTo(LogitsRun.logits(whole.model(), TensorType.F16, ids));
        assertThat(LogitsRun.logitsOneByOne(split.model(), TensorType.F16, ids))
            .isDeepEqualTo(LogitsRun.logitsOneByOne(whole.model(), TensorType.F16, ids));
        assertThat(split.model().weights().isTied()).isEqualTo(whole.model().weights().isTied());
      }
    }
  }

  @Test
  void eachPartHasTheCachesOfItsLayers() throws IOException {
    LlamaShape shape = RandomModel.SHAPES.getLast();
    Path file = RandomModel.write(shape, folder);
    try (LoadedModel loaded =
        GgufLoader.load(
            file, Placement.split(scalar, vector, 1), FileAccess.MAPPED, WeightsListener.NONE)) {
      LlamaModel model = loaded.model();
      Activations a = model.newActivations();
      try (KvCache cache = model.newCache(TensorType.F32, 16);
          KvCache copy = model.newCacheLike(cache, 16)) {
        next(model, cache, a, 3);
        next(model, cache, a, 5);
        copy.copyFrom(cache, 2);
        float[] expected = next(model, cache, a, 7);
        assertThat(next(model, copy, a, 7)).isEqualTo(expected);
        cache.truncate(1);
        assertThat(next(model, cache, a, 7)).isNotEqualTo(expected);
      }
    }
  }

  private static float[] next(LlamaModel model, KvCache cache, Activations a, int token) {
    float[] logits = new float[model.config().vocabSize()];
    Batch batch = new Batch();
    batch.add(cache, token, true);
    model.forward(batch, a);
    model.readLogits(a, 0, logits);
    return logits;
  }

  @Test
  void whatComputesWhatIsToldToPeople() throws IOException {
    Path file = RandomModel.write(RandomModel.SHAPES.getLast(), folder); // of two layers
    assertThat(description(file, 0)).isEqualTo(scalar.description());
    assertThat(description(file, 1))
        .isEqualTo(
            vector.description()
                + ": 1 of 2 layers and the output; "
                + scalar.description()
                + ": the rest");
    assertThat(description(file, 2)).isEqualTo(vector.description());
    assertThat(description(file, MORE_THAN_THERE_ARE)).isEqualTo(vector.description());
  }

  private String description(Path file, int layers) throws IOException {
    try (LoadedModel loaded =
        GgufLoader.load(
            file,
            Placement.split(scalar, vector, layers),
            FileAccess.MAPPED,
            WeightsListener.NONE)) {
      return loaded.model().kernelsDescription();
    }
  }

  @Test
  void aNegativeNumberOfLayersIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Placement.split(scalar, vector, -1))
        .withMessage("upperLayers is -1, it must be 0 (none) or more");
  }
}
