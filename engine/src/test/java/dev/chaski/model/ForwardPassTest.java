package dev.chaski.model;

import static dev.chaski.model.LogitsAssert.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.kernels.TensorType;
import dev.chaski.load.LlamaShape;
import dev.chaski.load.LlamaShape.Rope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** However a forward pass is divided into batches and among threads, the logits are the same. */
class ForwardPassTest {
  /** More than a block of the key/value cache. */
  private static final int LENGTH = 70;

  @TempDir Path folder;

  static Stream<Arguments> models() {
    return RandomModel.SHAPES.stream()
        .flatMap(shape -> Stream.of("scalar", "vector").map(name -> Arguments.of(shape, name)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("models")
  void agreesWithDoublePrecisionInChunksOfAnySize(LlamaShape shape, String kernels)
      throws IOException {
    Path file = RandomModel.write(shape, folder);
    try (RandomModel model = RandomModel.open(file, kernels, 2)) {
      int[] ids = model.ids(LENGTH, 1);
      float[][] oneByOne = model.logits(ids, 1);
      double tolerance = model.tolerance(oneByOne);
      RopeScaling scaling = model.model().config().ropeScaling();
      assertClose(
          "one by one, against double precision",
          oneByOne,
          RandomModel.reference(file, scaling, ids),
          tolerance);
      for (int chunk : new int[] {2, 3, 7, LENGTH}) {
        assertClose("chunks of " + chunk, model.logits(ids, chunk), oneByOne, tolerance);
      }
    }
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("models")
  void sequencesMixedInOneBatchAreAsIfAlone(LlamaShape shape, String kernels) throws IOException {
    try (RandomModel model = RandomModel.open(shape, folder, kernels)) {
      List<int[]> texts = List.of(model.ids(30, 2), model.ids(11, 3), model.ids(23, 4));
      float[][][] mixed = mixedLogits(model, texts, new Random(5));
      for (int i = 0; i < texts.size(); i++) {
        float[][] alone = model.logits(texts.get(i), LENGTH);
        double tolerance = model.tolerance(alone);
        for (int at = 0; at < alone.length; at++) {
          if (mixed[i][at] == null) {
            alone[at] = null; // not wanted
          }
        }
        assertClose("sequence " + i, wanted(mixed[i]), wanted(alone), tolerance);
      }
    }
  }

  private static float[][] wanted(float[][] logits) {
    return Stream.of(logits).filter(Objects::nonNull).toArray(float[][]::new);
  }

  /**
   * Logits of all texts, in passes of some next tokens of sequences chosen at random, of which most
   * want logits, but not all: null.
   */
  private static float[][][] mixedLogits(RandomModel model, List<int[]> texts, Random random) {
    List<KvCache> caches = texts.stream().map(_ -> model.newCache()).toList();
    Activations a = model.model().newActivations();
    Batch batch = new Batch();
    float[][][] logits = new float[texts.size()][][];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = new float[texts.get(i).length][];
    }
    int[] next = new int[texts.size()];
    int left = texts.stream().mapToInt(text -> text.length).sum();
    while (left > 0) {
      batch.clear();
      List<int[]> rows = new ArrayList<>();
      for (int size = 1 + random.nextInt(9); size > 0 && left > 0; ) {
        int sequence = random.nextInt(texts.size());
        if (next[sequence] < texts.get(sequence).length) {
          int at = next[sequence]++;
          boolean wanted = random.nextInt(4) > 0;
          batch.add(caches.get(sequence), texts.get(sequence)[at], wanted);
          if (wanted) {
            rows.add(new int[] {sequence, at});
          }
          size--;
          left--;
        }
      }
      model.model().forward(batch, a);
      for (int row = 0; row < rows.size(); row++) {
        logits[rows.get(row)[0]][rows.get(row)[1]] = model.row(a, row);
      }
    }
    caches.forEach(KvCache::close);
    return logits;
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("models")
  void sequencesThatTakeTurnsAreAsIfAlone(LlamaShape shape, String kernels) throws IOException {
    try (RandomModel model = RandomModel.open(shape, folder, kernels);
        KvCache first = model.newCache();
        KvCache second = model.newCache()) {
      int[] firstIds = model.ids(20, 6);
      int[] secondIds = model.ids(20, 7);
      float[][] firstAlone = model.logits(firstIds, 1);
      float[][] secondAlone = model.logits(secondIds, 1);
      for (int i = 0; i < firstIds.length; i++) {
        assertThat(model.logits(first, new int[] {firstIds[i]}, 1)[0]).isEqualTo(firstAlone[i]);
        assertThat(model.logits(second, new int[] {secondIds[i]}, 1)[0]).isEqualTo(secondAlone[i]);
      }
    }
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("models")
  void whatIsComputedAgainAfterACutIsAsIfFresh(LlamaShape shape, String kernels)
      throws IOException {
    try (RandomModel model = RandomModel.open(shape, folder, kernels);
        KvCache cache = model.newCache();
        KvCache fresh = model.newCache()) {
      int[] start = model.ids(25, 8);
      int[] end = model.ids(9, 9);
      model.logits(fresh, start, LENGTH);
      float[][] expected = model.logits(fresh, end, LENGTH);
      model.logits(cache, start, LENGTH);
      model.logits(cache, model.ids(60, 10), LENGTH);
      cache.truncate(start.length);
      assertThat(model.logits(cache, end, LENGTH)).isDeepEqualTo(expected);
      cache.truncate(0);
      model.logits(cache, start, LENGTH);
      assertThat(model.logits(cache, end, LENGTH)).isDeepEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"scalar", "vector"})
  void anyNumberOfThreadsGivesTheSameBits(String kernels) throws IOException {
    // Large enough for several tasks in every operation.
    LlamaShape shape =
        new LlamaShape("large", 192, 500, 2, 8, 4, 24, 1000, false, Rope.LLAMA3, TensorType.F32);
    Path file = RandomModel.write(shape, folder);
    float[][] expected = null;
    for (int threads : new int[] {1, 2, 3, 5}) {
      try (RandomModel model = RandomModel.open(file, kernels, threads);
          KvCache cache = model.newCache()) {
        float[][] logits =
            Stream.of(
                    model.logits(cache, model.ids(40, 11), 33),
                    model.logits(cache, model.ids(3, 12), 1))
                .flatMap(Stream::of)
                .toArray(float[][]::new);
        expected = expected == null ? logits : expected;
        assertThat(logits).as("%d threads", threads).isDeepEqualTo(expected);
      }
    }
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("models")
  void onlyRowsThatWantLogitsGetThem(LlamaShape shape, String kernels) throws IOException {
    try (RandomModel model = RandomModel.open(shape, folder, kernels);
        KvCache cache = model.newCache()) {
      int[] ids = model.ids(12, 13);
      float[][] all = model.logits(ids, LENGTH);
      Activations a = model.model().newActivations();
      Batch batch = new Batch();
      for (int i = 0; i < ids.length; i++) {
        batch.add(cache, ids[i], i == 3 || i == 8);
      }
      model.model().forward(batch, a);
      assertThat(a.logits().rows()).isEqualTo(2);
      assertClose(
          "rows 3 and 8",
          new float[][] {model.row(a, 0), model.row(a, 1)},
          new float[][] {all[3], all[8]},
          model.tolerance(all));
      batch.clear();
      batch.add(cache, 0, false);
      model.model().forward(batch, a);
      assertThat(a.logits().rows()).isZero();
      assertThat(cache.length()).isEqualTo(ids.length + 1);
    }
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("models")
  void aHalfPrecisionCacheCostsHalfPrecision(LlamaShape shape, String kernels) throws IOException {
    try (RandomModel model = RandomModel.open(shape, folder, kernels);
        KvCache half = model.model().newCache(TensorType.F16, 256)) {
      int[] ids = model.ids(40, 14);
      float[][] exact = model.logits(ids, 7);
      float[][] rounded = model.logits(half, ids, 7);
      // Rounding to F16 is 2^13 times coarser than to F32, and happens to one stage in ten.
      assertClose("F16", rounded, exact, model.tolerance(exact) * 0x1p13 / 10);
      assertThat(rounded[1]).as("F16 is really used").isNotEqualTo(exact[1]);
    }
  }
}
