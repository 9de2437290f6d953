package dev.chaski.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.chaski.format.ModelFormatException;
import dev.chaski.kernels.TensorType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SplitModelTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void anyPartOpensAll(int number) throws IOException {
    writeParts(3);
    try (GgufFile file = GgufFile.open(part(number, 3))) {
      assertThat(file.path()).isEqualTo(part(number, 3));
      assertThat(file.files()).containsExactly(part(1, 3), part(2, 3), part(3, 3));
      assertThat(file.metadata().getString("general.name")).isEqualTo("split");
      assertThat(file.tensors()).extracting(GgufTensor::name).containsExactly("t1", "t2", "t3");
      assertThat(file.byteSize())
          .isEqualTo(Files.size(part(1, 3)) + Files.size(part(2, 3)) + Files.size(part(3, 3)));
      for (int i = 1; i <= 3; i++) {
        GgufTensor tensor = file.tensor("t" + i).orElseThrow();
        assertThat(tensor.file()).isEqualTo(part(i, 3));
        assertThat(tensor.data().get(GgufLayouts.FLOAT32, 0)).isEqualTo((float) i);
      }
    }
  }

  @Test
  void aModelSplitIntoOneIsWhole() throws IOException {
    writePart(folder.resolve("any.gguf"), 1, 1, "t", 1);
    try (GgufFile file = GgufFile.open(folder.resolve("any.gguf"))) {
      assertThat(file.tensors()).hasSize(1);
    }
  }

  @Test
  void aMissingPartIsNamed() throws IOException {
    writeParts(3);
    Files.delete(part(2, 3));
    assertFault(part(1, 3), part(2, 3) + ": part 2 of 3 is missing");
    assertFault(part(3, 3), part(2, 3) + ": part 2 of 3 is missing");
  }

  @Test
  void aBrokenPartIsNamed() throws IOException {
    writeParts(2);
    Files.write(part(2, 2), new byte[10]);
    assertFault(part(1, 2), part(2, 2) + ": the file starts with");
  }

  @Test
  void aRenamedPartIsExplained() throws IOException {
    writeParts(2);
    Files.move(part(2, 2), folder.resolve("other.gguf"));
    assertFault(folder.resolve("other.gguf"), "part 2 of a model in 2 files");
    Files.move(folder.resolve("other.gguf"), part(1, 7));
    assertFault(part(1, 7), "the name says part 1 of 7, but the file is part 2 of 2");
  }

  @Test
  void aPartOfAnotherModelIsRefused() throws IOException {
    writeParts(3);
    writePart(part(2, 3), 2, 4, "t2", 3);
    assertFault(part(1, 3), part(2, 3) + ": the file is part 2 of 4; expected part 2 of 3");
    new GgufWriter().writeTo(part(2, 3));
    assertFault(part(1, 3), part(2, 3) + ": the file is part 1 of 1; expected part 2 of 3");
  }

  @Test
  void theNumberOfTensorsMustAgree() throws IOException {
    writeParts(2);
    writePart(part(1, 2), 1, 2, "t1", 5);
    assertFault(part(1, 2), "split.tensors.count is 5, but the 2 parts hold 2 tensors");
  }

  @Test
  void noTensorMayBeInTwoParts() throws IOException {
    writeParts(2);
    writePart(part(2, 2), 2, 2, "t1", 2);
    assertFault(part(1, 2), "tensor 't1' is also in model-00001-of-00002.gguf");
  }

  private void writeParts(int count) throws IOException {
    for (int number = 1; number <= count; number++) {
      writePart(part(number, count), number, count, "t" + number, count);
    }
  }

  private static void writePart(Path path, int number, int count, String tensor, int tensors)
      throws IOException {
    GgufWriter writer = new GgufWriter();
    if (number == 1) {
      writer.putString("general.name", "split");
    }
    writer
        .putInteger("split.no", GgufValueType.UINT16, number - 1)
        .putInteger("split.count", GgufValueType.UINT16, count)
        .putInteger("split.tensors.count", GgufValueType.INT32, tensors)
        .addTensor(tensor, TensorType.F32, List.of(1L), MemorySegment.ofArray(new float[] {number}))
        .writeTo(path);
  }

  private Path part(int number, int count) {
    return folder.resolve("model-%05d-of-%05d.gguf".formatted(number, count));
  }

  private static void assertFault(Path path, String message) {
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> GgufFile.open(path))
        .withMessageContaining(message);
  }
}
