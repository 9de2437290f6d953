package dev.chaski;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.chaski.chat.Message;
import dev.chaski.chat.tool.Tool;
import dev.chaski.chat.tool.ToolCall;
import dev.chaski.chat.tool.ToolResult;
import dev.chaski.convert.FileType;
import dev.chaski.convert.QuantizationPlan;
import dev.chaski.convert.Quantizer;
import dev.chaski.generate.GenerationOptions;
import dev.chaski.gguf.GgufFile;
import dev.chaski.kernels.parallel.WorkerPool;
import dev.chaski.sample.SamplingOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conversations that go on after they were put into a file. */
class SavedSessionTest {
  private static final ChatOptions OPTIONS =
      ChatOptions.defaults()
          .withGeneration(GenerationOptions.defaults().withSampling(SamplingOptions.greedy()));
  private static final String PIRATE = "You are a pirate. Talk like a pirate.";

  private static Chaski chaski;

  @TempDir Path folder;

  private ChatSession session;
  private Path file;

  @BeforeAll
  static void open() throws IOException {
    chaski = Chaski.open(ProjectFiles.embeddedModel(), Options.defaults().withThreads(2));
  }

  @AfterAll
  static void shut() {
    chaski.close();
  }

  @BeforeEach
  void start() throws IOException {
    session = chaski.chat(OPTIONS);
    file = folder.resolve("talk.chaski");
  }

  @AfterEach
  void close() {
    session.close();
  }

  @Test
  void goesOnAsIfNothingHadHappened() throws IOException {
    session.send("My name is Tom.");
    session.save(file);
    List<Message> saved = session.messages();
    ChatAnswer expected = session.send("What is my name?");
    assertThat(expected.text()).isEqualTo("Your name is Tom.");
    try (Chaski later = Chaski.open(ProjectFiles.embeddedModel(), Options.defaults());
        ChatSession resumed = later.chat(OPTIONS)) {
      resumed.send("This is forgotten.");
      resumed.load(file);
      assertThat(resumed.messages()).isEqualTo(saved);
      ChatAnswer answer = resumed.send("What is my name?");
      assertThat(answer.tokens()).isEqualTo(expected.tokens());
      assertThat(answer.statistics().promptTokens())
          .isEqualTo(expected.statistics().promptTokens());
      assertThat(resumed.messages()).isEqualTo(session.messages());
    }
  }

  @Test
  void theSystemMessageComesWithIt() throws IOException {
    session.system(PIRATE);
    String text = "A \"quote\", a\nnew line, \t, ¿España?, 🦙 and <|eot_id|>";
    session.send(text);
    session.save(file);
    session.system("");
    session.load(file);
    assertThat(session.options().system()).isEqualTo(PIRATE);
    assertThat(session.messages())
        .startsWith(Message.system(PIRATE), Message.user(text))
        .hasSize(3);
    session.reset();
    assertThat(session.messages()).containsExactly(Message.system(PIRATE));
  }

  @Test
  void callsAndTheirResultsCanBeSavedInBetween() throws IOException {
    Tool weather =
        Tool.of(
            "get_current_weather",
            "Get the current weather of a city",
            """
            {"type": "object",
             "properties": {"city": {"type": "string", "description": "The name of the city"}},
             "required": ["city"]}
            """);
    ChatOptions withTool = OPTIONS.withTools(List.of(weather));
    String result = "{\"city\": \"Toronto\", \"temperature\": 21, \"condition\": \"sunny\"}";
    ToolCall call;
    try (ChatSession asking = chaski.chat(withTool)) {
      call = asking.send("What is the weather in Toronto?").toolCalls().getFirst();
      asking.save(file);
    }
    try (ChatSession answering = chaski.chat(withTool)) {
      answering.load(file);
      assertThat(answering.messages().getLast().toolCalls()).containsExactly(call);
      ChatAnswer answer =
          answering.sendResults(List.of(new ToolResult(call, result)), ChatListener.NONE);
      assertThat(answer.text()).isEqualTo("It is 21 degrees and sunny in Toronto.");
      answering.save(file);
      List<Message> before = answering.messages();
      answering.load(file);
      assertThat(answering.messages()).isEqualTo(before);
      assertThat(answering.send("What is the weather in Lima?").toolCalls())
          .extracting(ToolCall::id)
          .containsExactly("call_2");
    }
  }

  /** Every torn file, and every changed byte, is found; the conversation stays. */
  @Test
  void damagedFilesAreRefused() throws IOException {
    session.send("Hello!");
    session.save(file);
    List<Message> before = session.messages();
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatExceptionOfType(SessionFileException.class)
          .as("cut to %s bytes", length)
          .isThrownBy(() -> session.load(file));
    }
    for (int at = 0; at < whole.length; at++) {
      byte[] changed = whole.clone();
      changed[at] ^= 1;
      Files.write(file, changed);
      assertThatExceptionOfType(SessionFileException.class)
          .as("byte %s changed", at)
          .isThrownBy(() -> session.load(file));
    }
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));
    assertThatExceptionOfType(SessionFileException.class)
        .isThrownBy(() -> session.load(file))
        .withMessageContaining(file.toString())
        .withMessageContaining("damaged: its checksum is wrong");
    assertThat(session.messages()).isEqualTo(before);
  }

  @Test
  void otherFilesAreRefused() throws IOException {
    Files.writeString(file, "{\"messages\": []}");
    assertThatExceptionOfType(SessionFileException.class)
        .isThrownBy(() -> session.load(file))
        .withMessageEndingWith(
            "this is no saved conversation: it does not begin with" + " 'chaski-session'");
    Files.writeString(file, "chaski-session 7 what comes later\n");
    assertThatExceptionOfType(SessionFileException.class)
        .isThrownBy(() -> session.load(file))
        .withMessageContaining("version '7' of the format, this program reads 1");
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> session.load(folder.resolve("none")))
        .withMessageContaining("there is no such file");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> session.load(folder))
        .withMessageContaining("expected a file");
  }

  /** A checksum is soon made: what stands behind it may still be anything. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "[]                                     | it is no JSON object",
        "nonsense                               | not JSON, line 1",
        "{'fingerprint': 1}                     | was with another model",
        "{'fingerprint': '@'}                   | 'messages' is missing, expected a List",
        "{'fingerprint': '@', 'messages': [1]}  | a message is a Integer, expected a Map",
        "{'fingerprint': '@', 'messages': [{'role': 'boss'}]} | there is no role 'boss'",
        "{'fingerprint': '@', 'messages': [], 'toolCalls': -1} | 'toolCalls' is -1",
        "{'fingerprint': '@', 'messages': [], 'toolCalls': 0}  | 'system' is missing",
      })
  void whatFitsTheChecksumIsCheckedToo(String json, String reason) throws Exception {
    String body = json.replace('\'', '"').replace("@", chaski.loaded().fingerprint());
    byte[] checksum =
        MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.UTF_8));
    Files.writeString(file, "chaski-session 1 " + HexFormat.of().formatHex(checksum) + "\n" + body);
    List<Message> before = session.messages();
    assertThatExceptionOfType(SessionFileException.class)
        .isThrownBy(() -> session.load(file))
        .withMessageStartingWith(file.toString())
        .withMessageContaining(reason);
    assertThat(session.messages()).isEqualTo(before);
  }

  @Test
  void aConversationWithAnotherModelIsRefused() throws IOException {
    Path other = folder.resolve("other.gguf");
    try (GgufFile source = GgufFile.open(ProjectFiles.embeddedModel());
        WorkerPool pool = new WorkerPool(1)) {
      new Quantizer(pool).write(QuantizationPlan.of(source, FileType.Q4_0), other, (_, _, _) -> {});
    }
    try (Chaski smaller = Chaski.open(other, Options.defaults().withThreads(1));
        ChatSession talk =
            smaller.chat(OPTIONS.withGeneration(GenerationOptions.defaults().withMaxTokens(2)))) {
      talk.send("Hello!");
      talk.save(file);
      assertThat(smaller.loaded().fingerprint())
          .hasSize(64)
          .isNotEqualTo(chaski.loaded().fingerprint());
    }
    assertThatExceptionOfType(SessionFileException.class)
        .isThrownBy(() -> session.load(file))
        .withMessageContaining("was with another model (Cria; open now: Cria)")
        .withMessageContaining("open that one");
  }

  @Test
  void savingReplacesAtOnceOrNotAtAll() throws IOException {
    session.send("Hello!");
    Files.writeString(file, "old");
    session.save(file);
    assertThat(Files.readString(file, StandardCharsets.UTF_8)).startsWith("chaski-session 1 ");
    assertThatExceptionOfType(FileSystemException.class)
        .isThrownBy(() -> session.save(folder))
        .withMessageContaining("is a folder; give the name of a file");
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> session.save(folder.resolve("none/talk")))
        .withMessageContaining("there is no such folder");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).as("no temporary files").containsExactly(file);
    }
  }

  @Test
  void notWhileItAnswers() {
    session.send(
        "Hello!",
        _ -> {
          assertThatIllegalStateException().isThrownBy(() -> session.save(file));
          assertThatIllegalStateException().isThrownBy(() -> session.load(file));
        });
    assertThat(file).doesNotExist();
  }
}
