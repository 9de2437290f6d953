package dev.chaski.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import dev.chaski.convert.QuantizationPlan.PlannedTensor;
import dev.chaski.format.ModelFormatException;
import dev.chaski.format.UnsupportedModelException;
import dev.chaski.gguf.GgufEntry;
import dev.chaski.gguf.GgufFile;
import dev.chaski.gguf.GgufMetadata;
import dev.chaski.gguf.GgufTensor;
import dev.chaski.gguf.GgufWriter;
import dev.chaski.kernels.TensorType;
import dev.chaski.load.LlamaGguf;
import dev.chaski.load.LlamaShape;
import dev.chaski.load.LlamaShape.Rope;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class QuantizerTest {
  private static final long SEED = 20260101;
  private static final LlamaShape WHOLE_BLOCKS =
      new LlamaShape(
          "whole blocks of 256", 256, 512, 2, 8, 2, 32, 259, true, Rope.FACTORS, TensorType.F32);
  private static final LlamaShape SMALL_ROWS =
      new LlamaShape("rows of 96", 96, 160, 1, 4, 2, 24, 259, false, Rope.NONE, TensorType.F32);

  @TempDir private Path folder;

  /**
   * An error of e in each of m matrices that all matter moves the logits by about e√m, of which m
   * is 7 for every block, and 2 for the embedding and the output. Half of that again leaves room
   * for what the softmax amplifies; what there is, is up to 1.2 e√m. A mistake, such as codes of
   * another block, is as large as the logits.
   */
  @ParameterizedTest
  @EnumSource
  void everyTypeLoadsAndComputesAlmostTheSame(FileType fileType) throws IOException {
    int[] ids = new Random(SEED).ints(24, 0, 259).toArray();
    for (LlamaShape shape : List.of(WHOLE_BLOCKS, SMALL_ROWS)) {
      Path source = source(shape);
      Path target = Quantized.write(source, fileType, folder.resolve("out.gguf"));

      double error = WeightError.of(target, source);
      LogitsDistance distance =
          LogitsDistance.between(
              LogitsDistance.logits(source, ids), LogitsDistance.logits(target, ids));
      assertThat(error).as("weights, %s", shape).isLessThanOrEqualTo(WeightError.normal(fileType));
      assertThat(distance.relative())
          .as("logits, %s", shape)
          .isLessThanOrEqualTo(1.5 * error * Math.sqrt(7 * shape.layers() + 2));
    }
  }

  @ParameterizedTest
  @EnumSource
  void theFileSaysWhatItIs(FileType fileType) throws IOException {
    Path source = source(WHOLE_BLOCKS);
    Path target = Quantized.write(source, fileType, folder.resolve("out.gguf"));
    try (GgufFile before = GgufFile.open(source);
        GgufFile after = GgufFile.open(target)) {
      assertThat(after.metadata().getInt("general.file_type")).isEqualTo(fileType.id());
      assertThat(after.metadata().getInt("general.quantization_version")).isEqualTo(2);
      QuantizationPlan plan = QuantizationPlan.of(before, fileType);
      assertThat(plan.notices()).isEmpty();
      assertThat(after.tensors())
          .extracting(GgufTensor::name, GgufTensor::type, GgufTensor::shape)
          .containsExactlyElementsOf(
              plan.tensors().stream()
                  .map(tensor ->
                      tuple(tensor.source().name(), tensor.type(), tensor.source().shape()))
                  .toList());
      assertThat(after.tensors().stream().mapToLong(tensor -> tensor.data().byteSize()).sum())
          .isEqualTo(plan.targetBytes());
    }
  }

  @Test
  void metadataIsKeptByteForByte() throws IOException {
    Path source =
        new LlamaGguf(WHOLE_BLOCKS, SEED)
            .key("general.file_type", 0)
            .key("tokenizer.chat_template", "{{ messages }}\n\u00e9\ud83e\udd99")
            .key("some.flag", true)
            .key("some.number", Long.MIN_VALUE)
            .writeTo(folder.resolve("in.gguf"));
    Path target = Quantized.write(source, FileType.Q4_K_M, folder.resolve("out.gguf"));
    try (GgufFile before = GgufFile.open(source);
        GgufFile after = GgufFile.open(target)) {
      List<String> expected = new ArrayList<>(keys(before.metadata()));
      expected.remove("general.file_type");
      assertThat(keys(after.metadata()))
          .startsWith(expected.toArray(String[]::new))
          .hasSize(expected.size() + 2);
      for (String key : expected) {
        assertThat(bytes(after, key)).as(key).isEqualTo(bytes(before, key));
      }
    }
  }

  private static List<String> keys(GgufMetadata metadata) {
    return metadata.entries().stream().map(GgufEntry::key).toList();
  }

  private static byte[] bytes(GgufFile file, String key) throws IOException {
    GgufEntry entry = file.metadata().entry(key).orElseThrow();
    byte[] all = Files.readAllBytes(file.path());
    int from = Math.toIntExact(entry.offset());
    return Arrays.copyOfRange(all, from, from + Math.toIntExact(entry.byteSize()));
  }

  @Test
  void vectorsAreCopiedAsTheyAre() throws IOException {
    Path source = source(WHOLE_BLOCKS);
    Path target = Quantized.write(source, FileType.Q4_0, folder.resolve("out.gguf"));
    try (GgufFile before = GgufFile.open(source);
        GgufFile after = GgufFile.open(target)) {
      for (String name : List.of("output_norm.weight", "rope_freqs.weight")) {
        assertThat(data(after, name)).as(name).isEqualTo(data(before, name));
      }
    }
  }

  /** Also of tensors of several portions, whose last one is not full. */
  @ParameterizedTest
  @CsvSource({"Q4_K, 1", "Q4_K, 3", "Q8_0, 1", "F16, 3"})
  void aTensorIsWhatItsEncoderMakesOfItAtOnce(FileType fileType, int threads) throws IOException {
    int rows = 1111;
    LlamaGguf model = new LlamaGguf(WHOLE_BLOCKS, SEED);
    model.matrix("blk.0.ffn_up.weight", TensorType.F32, rows, 512);
    Path source = model.writeTo(folder.resolve("in.gguf"));
    Path target =
        Quantized.write(source, fileType, folder.resolve("out.gguf"), threads, (_, _, _) -> {});
    try (GgufFile before = GgufFile.open(source);
        GgufFile after = GgufFile.open(target)) {
      float[] values = WeightError.values(before.tensor("blk.0.ffn_up.weight").orElseThrow());
      TensorType type = fileType.tensorType();
      byte[] expected = new byte[(int) type.byteSize(values.length)];
      type.encoder()
          .orElseThrow()
          .encode(values, 0, MemorySegment.ofArray(expected), 0, values.length);
      assertThat(data(after, "blk.0.ffn_up.weight")).isEqualTo(expected);
    }
  }

  @Test
  void theNumberOfThreadsDoesNotMatter() throws IOException {
    Path source = source(WHOLE_BLOCKS);
    Path one = Quantized.write(source, FileType.Q5_K_M, folder.resolve("1"), 1, (_, _, _) -> {});
    Path four = Quantized.write(source, FileType.Q5_K_M, folder.resolve("4"), 4, (_, _, _) -> {});
    assertThat(four).hasSameBinaryContentAs(one);
  }

  @Test
  void aSplitModelBecomesOneFile() throws IOException {
    LlamaGguf model = new LlamaGguf(WHOLE_BLOCKS, SEED);
    List<Path> parts = model.writeParts(folder, 3);
    Path whole = model.writeTo(folder.resolve("whole.gguf"));
    Path fromWhole = Quantized.write(whole, FileType.Q4_K_M, folder.resolve("a.gguf"));
    Path fromParts = Quantized.write(parts.get(1), FileType.Q4_K_M, folder.resolve("b.gguf"));
    assertThat(fromParts).hasSameBinaryContentAs(fromWhole);
  }

  @Test
  void progressOnlyGrowsUntilAllIsDone() throws IOException {
    Path source = source(WHOLE_BLOCKS);
    List<Long> done = new ArrayList<>();
    List<Long> totals = new ArrayList<>();
    List<String> names = new ArrayList<>();
    Quantized.write(
        source,
        FileType.Q8_0,
        folder.resolve("out.gguf"),
        2,
        (tensor, bytes, total) -> {
          names.add(tensor);
          done.add(bytes);
          totals.add(total);
        });
    assertThat(done).isSorted().doesNotHaveDuplicates();
    assertThat(totals).containsOnly(done.getLast());
    try (GgufFile file = GgufFile.open(source)) {
      assertThat(names.stream().distinct())
          .containsExactlyElementsOf(file.tensors().stream().map(GgufTensor::name).toList());
      assertThat(done.getLast())
          .isEqualTo(file.tensors().stream().mapToLong(t -> t.data().byteSize()).sum());
    }
  }

  @ParameterizedTest
  @CsvSource({"NaN, Q4_K_M", "Infinity, Q8_0", "-Infinity, F16", "NaN, F32"})
  void aWeightThatIsNoNumberIsNamed(float value, FileType fileType) throws IOException {
    Path source = sourceWith(value);
    Path target = folder.resolve("out.gguf");
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> Quantized.write(source, fileType, target))
        .withMessageContainingAll(
            source.toString(),
            "tensor 'blk.0.ffn_up.weight' holds " + value + " at index 70000",
            "expected finite values");
    assertThat(folder).isDirectoryNotContaining(path -> !path.equals(source));
  }

  @Test
  void aNormThatIsNoNumberIsNamedToo() throws IOException {
    LlamaGguf model = new LlamaGguf(WHOLE_BLOCKS, SEED);
    float[] gains = new float[256];
    gains[255] = Float.NaN;
    model.tensor("output_norm.weight", TensorType.F32, List.of(256L), gains);
    Path source = model.writeTo(folder.resolve("in.gguf"));
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> Quantized.write(source, FileType.Q8_0, folder.resolve("out.gguf")))
        .withMessageContaining("tensor 'output_norm.weight' holds NaN at index 255");
  }

  @Test
  void aWeightTooLargeForItsNewTypeIsNamed() throws IOException {
    Path source = sourceWith(65520);
    assertThatExceptionOfType(UnsupportedModelException.class)
        .isThrownBy(() -> Quantized.write(source, FileType.F16, folder.resolve("out.gguf")))
        .withMessageContaining(
            "tensor 'blk.0.ffn_up.weight' holds 65520.0 at index 70000, too large for F16");
    assertThat(folder).isDirectoryNotContaining(path -> !path.equals(source));
    Quantized.write(source, FileType.BF16, folder.resolve("out.gguf"));
  }

  @Test
  void whoeverStopsItFindsTheOldFile() throws IOException {
    Path source = source(WHOLE_BLOCKS);
    Path target = Files.writeString(folder.resolve("out.gguf"), "precious");
    assertThatExceptionOfType(CancellationException.class)
        .isThrownBy(() ->
            Quantized.write(
                source,
                FileType.Q8_0,
                target,
                2,
                (_, done, total) -> {
                  if (done > total / 2) {
                    throw new CancellationException();
                  }
                }));
    assertThat(target).hasContent("precious");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactlyInAnyOrder(source, target);
    }
  }

  @Test
  void theSourceIsNeverTheTarget() throws IOException {
    LlamaGguf model = new LlamaGguf(WHOLE_BLOCKS, SEED);
    Path source = model.writeTo(folder.resolve("in.gguf"));
    Path link = Files.createSymbolicLink(folder.resolve("link.gguf"), source);
    for (Path target : List.of(source, link, folder.resolve("./in.gguf"))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Quantized.write(source, FileType.Q8_0, target))
          .withMessageStartingWith(target.toString());
    }
    List<Path> parts = model.writeParts(folder, 2);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Quantized.write(parts.getFirst(), FileType.Q8_0, parts.getLast()));
  }

  @Test
  void aTargetThatCannotBeIsRefusedAtOnce() throws IOException {
    Path source = source(WHOLE_BLOCKS);
    assertThatExceptionOfType(FileSystemException.class)
        .isThrownBy(() -> Quantized.write(source, FileType.Q8_0, folder.resolve("no/out.gguf")))
        .withMessageContaining("there is no folder " + folder.resolve("no"));
    assertThatExceptionOfType(FileSystemException.class)
        .isThrownBy(() -> Quantized.write(source, FileType.Q8_0, folder))
        .withMessageContaining("is a folder");
  }

  @Test
  void roundingTwiceIsNoticed() throws IOException {
    Path source = source(WHOLE_BLOCKS);
    Path once = Quantized.write(source, FileType.Q8_0, folder.resolve("once.gguf"));
    assertThat(notices(once, FileType.Q4_K_M))
        .containsExactly(
            "15 tensors are already quantized, as Q8_0: rounding again loses more than quantizing"
                + " the original");
    assertThat(notices(once, FileType.Q8_0)).isEmpty();
    assertThat(notices(once, FileType.F16)).isEmpty();
    Path same = Quantized.write(once, FileType.Q8_0, folder.resolve("same.gguf"));
    assertThat(same).hasSameBinaryContentAs(once);
  }

  @Test
  void otherTypesThanAskedForAreNoticed() throws IOException {
    assertThat(notices(source(SMALL_ROWS), FileType.Q4_K_M))
        .containsExactly(
            "6 tensors have rows of 96 values, no multiple of 256: Q5_0 instead of Q4_K",
            "2 tensors have rows of 96 values, no multiple of 256: Q8_0 instead of Q6_K",
            "1 tensor has rows of 160 values, no multiple of 256: Q8_0 instead of Q6_K");
    assertThat(notices(source(SMALL_ROWS), FileType.F16)).isEmpty();
  }

  @Test
  void onlyDenseLlamaModelsArePlanned() throws IOException {
    Path other =
        new LlamaGguf(WHOLE_BLOCKS, SEED)
            .key("general.architecture", "falcon")
            .writeTo(folder.resolve("other.gguf"));
    assertThatExceptionOfType(UnsupportedModelException.class)
        .isThrownBy(() -> notices(other, FileType.Q8_0))
        .withMessageContaining("the architecture is 'falcon'; what can be quantized are dense");
    Path experts =
        new LlamaGguf(WHOLE_BLOCKS, SEED)
            .key("llama.expert_count", 8)
            .writeTo(folder.resolve("experts.gguf"));
    assertThatExceptionOfType(UnsupportedModelException.class)
        .isThrownBy(() -> notices(experts, FileType.Q8_0))
        .withMessageContaining("'llama' with 8 experts");
    Path nothing = folder.resolve("nothing.gguf");
    new GgufWriter().writeTo(nothing);
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> notices(nothing, FileType.Q8_0))
        .withMessageContaining("general.architecture");
  }

  @Test
  void sizesOfThePlanAreThoseOfTheFiles() throws IOException {
    try (GgufFile file = GgufFile.open(source(WHOLE_BLOCKS))) {
      QuantizationPlan plan = QuantizationPlan.of(file, FileType.F16);
      assertThat(plan.values())
          .isEqualTo(file.tensors().stream().mapToLong(GgufTensor::size).sum());
      assertThat(plan.sourceBytes()).isEqualTo(4 * plan.values());
      assertThat(plan.targetBytes())
          .isEqualTo(plan.tensors().stream().mapToLong(PlannedTensor::byteSize).sum())
          .isBetween(2 * plan.values(), 2 * plan.values() + 4 * 256 * 6);
    }
  }

  private Path source(LlamaShape shape) throws IOException {
    return new LlamaGguf(shape, SEED).writeTo(folder.resolve("in.gguf"));
  }

  /** A model with this value among the others, in the third piece of a tensor. */
  private Path sourceWith(float value) throws IOException {
    float[] values = new float[512 * 256];
    values[70_000] = value;
    return new LlamaGguf(WHOLE_BLOCKS, SEED)
        .tensor("blk.0.ffn_up.weight", TensorType.F32, List.of(256L, 512L), values)
        .writeTo(folder.resolve("in.gguf"));
  }

  private static List<String> notices(Path source, FileType fileType) throws IOException {
    try (GgufFile file = GgufFile.open(source)) {
      return QuantizationPlan.of(file, fileType).notices();
    }
  }

  private static byte[] data(GgufFile file, String name) {
    return file.tensor(name).orElseThrow().data().toArray(ValueLayout.JAVA_BYTE);
  }
}
