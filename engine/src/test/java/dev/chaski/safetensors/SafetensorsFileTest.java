package dev.chaski.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaski.format.ModelFormatException;
import dev.chaski.format.UnsupportedModelException;
import dev.chaski.kernels.TensorType;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsFileTest {
  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("model.safetensors");
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  @Test
  void readsTensorsWhereTheyAre() throws IOException {
    new SafetensorsBuilder()
        .entry("\"__metadata__\":{\"format\":\"pt\",\"by\":\"nobody\"}")
        .add("scale", "F32", List.of(), bytes(0, 0, 128, 63))
        .add("odd", "F8_E4M3", List.of(1, 3), bytes(1, 2, 3))
        .add("empty", "BF16", List.of(0, 7), bytes())
        .add("half", "F16", List.of(2), bytes(0, 60, 0, 64))
        .writeTo(file());
    try (SafetensorsFile file = SafetensorsFile.open(file())) {
      assertThat(file.path()).isEqualTo(file());
      assertThat(file.byteSize()).isEqualTo(Files.size(file()));
      assertThat(file.metadata()).isEqualTo(Map.of("format", "pt", "by", "nobody"));
      assertThat(file.tensors())
          .extracting(SafetensorsTensor::name)
          .containsExactly("scale", "odd", "empty", "half");
      SafetensorsTensor scale = file.tensor("scale").orElseThrow();
      assertThat(scale.shape()).isEmpty();
      assertThat(scale.size()).isEqualTo(1);
      assertThat(scale.type().tensorType()).contains(TensorType.F32);
      SafetensorsTensor odd = file.tensor("odd").orElseThrow();
      assertThat(odd.shape()).containsExactly(1L, 3L);
      assertThat(odd.data().toArray(ValueLayout.JAVA_BYTE)).containsExactly(1, 2, 3);
      assertThat(odd.offset()).isEqualTo(scale.offset() + 4);
      assertThat(odd.data().isReadOnly()).isTrue();
      assertThat(file.tensor("empty").orElseThrow().size()).isZero();
      assertThat(file.tensor("half").orElseThrow().data().byteSize()).isEqualTo(4);
      assertThat(file.tensor("other")).isEmpty();
    }
  }

  @Test
  void knowsTypesItCannotUse() throws IOException {
    new SafetensorsBuilder()
        .add("i", "I64", List.of(1), new byte[8])
        .add("b", "BOOL", List.of(3), new byte[3])
        .add("f4", "F4", List.of(2, 3), new byte[3])
        .writeTo(file());
    try (SafetensorsFile file = SafetensorsFile.open(file())) {
      assertThat(file.tensors()).allMatch(tensor -> tensor.type().tensorType().isEmpty());
    }
  }

  @Test
  void headerMayEndInSpaces() throws IOException {
    SafetensorsBuilder.write(file(), "{}   ", new byte[0]);
    try (SafetensorsFile file = SafetensorsFile.open(file())) {
      assertThat(file.tensors()).isEmpty();
    }
  }

  @Test
  void closedFileIsNotRead() throws IOException {
    new SafetensorsBuilder().add("a", "F8_E4M3", List.of(1), bytes(7)).writeTo(file());
    SafetensorsFile file = SafetensorsFile.open(file());
    SafetensorsTensor tensor = file.tensor("a").orElseThrow();
    file.close();
    file.close();
    assertThatThrownBy(() -> tensor.data().get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void nameTwiceIsRefused() throws IOException {
    new SafetensorsBuilder()
        .add("a", "F8_E4M3", List.of(1), bytes(7))
        .add("a", "F8_E4M3", List.of(1), bytes(8))
        .writeTo(file());
    assertRefused("not well-formed JSON", "Duplicate", "\"a\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} x | not well-formed",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}{} | text behind the end",
        "{\"a\":7} | tensor 'a' is '7'; expected an object",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":4,\"data_offsets\":[0,4]}} | the shape of tensor 'a'",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,1,4]}} | has 3 data_offsets",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,8]}} | ends at byte 8",
        "{\"a\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[0,4]}} | F16 of shape [1] takes"
            + " 2",
        "{\"a\":{\"dtype\":\"F4\",\"shape\":[1],\"data_offsets\":[0,4]}} | a whole number of bytes",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[2,4]}} | starts at byte 2",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}} | nothing behind it",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,99999999999999999999]}} |"
            + " long",
        "{\"__metadata__\":[]} | '__metadata__' is a list",
        "{\"__metadata__\":{\"a\":1}} | __metadata__ 'a' is '1'; expected a string",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]}} | more than 16",
      })
  void brokenHeaderIsRefused(String header, String reason) throws IOException {
    SafetensorsBuilder.write(file(), header, new byte[4]);
    assertRefused(reason.replace("'__metadata__'", "__metadata__"));
  }

  @Test
  void unknownTypeIsNamed() throws IOException {
    new SafetensorsBuilder().add("a", "F3", List.of(8), new byte[3]).writeTo(file());
    assertThatThrownBy(() -> SafetensorsFile.open(file()))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessage(file() + ": tensor 'a' has dtype 'F3'; supported are F8_E4M3, F16, BF16, F32");
  }

  @Test
  void otherEncodingOfTextIsRefused() throws IOException {
    byte[] utf16 = "{}".getBytes(StandardCharsets.UTF_16LE);
    byte[] file = new byte[8 + utf16.length];
    file[0] = (byte) utf16.length;
    System.arraycopy(utf16, 0, file, 8, utf16.length);
    Files.write(file(), file);
    assertRefused("UTF-8");
  }

  @Test
  void headerBeyondTheFileIsRefusedBeforeItIsRead() throws IOException {
    byte[] file = new byte[16];
    file[3] = 5; // 5 << 24 bytes of header
    Files.write(file(), file);
    assertRefused("83886080 bytes", "ends at byte 16", "cut short");
  }

  @Test
  void whatIsNoFileIsRefused() {
    assertThatThrownBy(() -> SafetensorsFile.open(folder)).isInstanceOf(ModelFormatException.class);
    assertThatThrownBy(() -> SafetensorsFile.open(file())).isInstanceOf(NoSuchFileException.class);
  }

  /** A damaged file opens, or is refused in our words; what opens lies inside the file. */
  @Test
  void anyByteMayBeDamaged() throws IOException {
    new SafetensorsBuilder()
        .entry("\"__metadata__\":{\"format\":\"pt\"}")
        .add("model.norm.weight", "BF16", List.of(3), new byte[6])
        .add("model.embed_tokens.weight", "F8_E4M3", List.of(2, 3), new byte[6])
        .writeTo(file());
    byte[] sound = Files.readAllBytes(file());
    int refused = 0;
    for (int at = 0; at < sound.length; at++) {
      for (int change : new int[] {1, 2, 16, 32, 128, 255}) {
        byte[] damaged = sound.clone();
        damaged[at] ^= (byte) change;
        refused += opens(damaged) ? 0 : 1;
      }
      refused += opens(Arrays.copyOf(sound, at)) ? 0 : 1;
    }
    assertThat(refused).isGreaterThan(sound.length);
  }

  private boolean opens(byte[] bytes) throws IOException {
    Files.write(file(), bytes);
    try (SafetensorsFile file = SafetensorsFile.open(file())) {
      for (SafetensorsTensor tensor : file.tensors()) {
        assertThat(tensor.offset() + tensor.data().byteSize()).isLessThanOrEqualTo(bytes.length);
      }
      return true;
    } catch (ModelFormatException | UnsupportedModelException e) {
      assertThat(e).hasMessageStartingWith(file().toString());
      return false;
    }
  }

  private void assertRefused(String... reasons) {
    assertThatThrownBy(() -> SafetensorsFile.open(file()))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith(file().toString())
        .hasMessageContainingAll(reasons);
  }
}
