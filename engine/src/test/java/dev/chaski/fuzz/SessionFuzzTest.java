package dev.chaski.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.chaski.Chaski;
import dev.chaski.ChatOptions;
import dev.chaski.ChatSession;
import dev.chaski.Options;
import dev.chaski.SessionFileException;
import dev.chaski.chat.ChatTemplateException;
import dev.chaski.chat.Message;
import dev.chaski.kernels.TensorType;
import dev.chaski.load.LlamaGguf;
import dev.chaski.load.LlamaShape;
import dev.chaski.load.TinyVocabulary;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A saved conversation: the first byte says whether the file is as it stands there, or gets a
 * header that is right, as a stranger could give it.
 */
class SessionFuzzTest {
  private static final byte AS_IT_IS = 0;
  private static final byte WITH_HEADER = 1;

  /** Has a place for all that a file may hold. */
  private static final String TEMPLATE =
      "{% for m in messages %}{{ m.role }}: {{ m.content }}"
          + "{% for call in m.tool_calls or [] %}{{ call | tojson }}{% endfor %}\n"
          + "{% endfor %}";

  @TempDir static Path folder;
  private static Chaski chaski;
  private static ChatSession session;

  @BeforeAll
  static void start() throws IOException {
    LlamaShape shape =
        new LlamaShape(
            "tiny",
            2,
            2,
            1,
            1,
            1,
            2,
            TinyVocabulary.SIZE,
            true,
            LlamaShape.Rope.NONE,
            TensorType.F16);
    Path model =
        new LlamaGguf(shape, 1)
            .key("tokenizer.chat_template", TEMPLATE)
            .writeTo(folder.resolve("model.gguf"));
    chaski = Chaski.open(model, Options.defaults().withKernels("scalar").withThreads(1));
    session = chaski.chat(ChatOptions.defaults());
  }

  @AfterAll
  static void stop() {
    session.close();
    chaski.close();
  }

  static Stream<byte[]> seeds() {
    return bodies()
        .flatMap(body ->
            Stream.of(seed(WITH_HEADER, body), seed(AS_IT_IS, withHeader(body)), new byte[1]));
  }

  private static Stream<byte[]> bodies() {
    return Stream.of(
            "{\"model\": \"m\", \"fingerprint\": \"%s\", \"system\": \"Be brief.\", \"toolCalls\":"
                + " 1, \"messages\": [{\"role\": \"system\", \"content\": \"Be brief.\"},"
                + " {\"role\": \"user\", \"content\": \"Lima \\ud83e\\udd99?\"}, {\"role\":"
                + " \"assistant\", \"content\": \"\", \"calls\": [{\"id\": \"call_1\", \"name\":"
                + " \"f\", \"arguments\": {\"a\": [1, 2.5, null, true, {\"b\": \"c\"}]}}]},"
                + " {\"role\": \"tool\", \"content\": \"21\", \"answers\": {\"id\": \"call_1\","
                + " \"name\": \"f\", \"arguments\": {}}}]}",
            "{\"fingerprint\": \"%s\", \"system\": \"\", \"toolCalls\": 0, \"messages\": []}")
        .map(text -> Hostile.bytes(text.formatted("@"))); // stands for the right one
  }

  private static byte[] seed(byte kind, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(kind);
    out.writeBytes(content);
    return out.toByteArray();
  }

  private static byte[] withHeader(byte[] body) {
    try {
      byte[] checksum = MessageDigest.getInstance("SHA-256").digest(body);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.writeBytes(
          Hostile.bytes("chaski-session 1 " + HexFormat.of().formatHex(checksum) + "\n"));
      out.writeBytes(body);
      return out.toByteArray();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The input as a file, with the model's fingerprint where the seeds have a sign for it. */
  private static byte[] file(byte[] data) {
    byte[] content = Arrays.copyOfRange(data, 1, data.length);
    if (data[0] == AS_IT_IS) {
      return content;
    }
    String sign = "\"fingerprint\": \"@\"";
    String right = sign.replace("@", chaski.loaded().fingerprint());
    String text = new String(content, StandardCharsets.ISO_8859_1);
    return withHeader(text.replace(sign, right).getBytes(StandardCharsets.ISO_8859_1));
  }

  @MethodSource("seeds")
  @FuzzTest
  void conversationIsLoadedOrRefused(byte[] data) throws Exception {
    if (data.length == 0) {
      return;
    }
    Path file = Files.write(folder.resolve("talk.chaski"), file(data));
    List<Message> before = session.messages();
    Hostile.use(() -> {
      try {
        session.load(file);
      } catch (SessionFileException refused) {
        assertThat(refused).hasMessageStartingWith(file.toString());
        assertThat(session.messages()).isEqualTo(before);
        return;
      }
      goOn(file);
    });
  }

  /** What was loaded can be said, and saved once and for all. */
  private static void goOn(Path file) throws IOException {
    try {
      assertThat(session.countTokens("And then?")).isPositive();
    } catch (ChatTemplateException refused) {
      assertThat(refused.getMessage()).isNotBlank();
    }
    session.save(file);
    byte[] once = Files.readAllBytes(file);
    session.load(file);
    session.save(file);
    assertThat(Files.readAllBytes(file)).isEqualTo(once);
  }

  /** Else the search would not get behind the fingerprint. */
  @Test
  void theSeedsAreLoaded() throws IOException {
    Path file =
        Files.write(
            folder.resolve("seed.chaski"), file(seed(WITH_HEADER, bodies().findFirst().get())));
    session.load(file);
    assertThat(session.messages()).hasSize(4);
    assertThat(session.messages().getLast().answeredCall()).isPresent();
  }
}
