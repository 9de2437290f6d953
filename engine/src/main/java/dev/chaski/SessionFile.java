package dev.chaski;

import dev.chaski.chat.Message;
import dev.chaski.chat.Role;
import dev.chaski.chat.tool.ToolCall;
import dev.chaski.format.JsonTree;
import dev.chaski.format.SmallFile;
import dev.chaski.format.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads and writes saved conversations: a line {@code chaski-session 1 SHA-256}, and a line of JSON
 * that the checksum is of. Messages are kept rather than keys and values (docs/adr/0005).
 */
final class SessionFile {
  private static final String MAGIC = "chaski-session ";
  private static final String VERSION = "1";
  private static final int MAX_BYTES = 256 << 20;
  private static final int HEADER_LENGTH = MAGIC.length() + VERSION.length() + 1 + 64 + 1;

  private final String modelName;
  private final Supplier<String> fingerprint;

  SessionFile(String modelName, Supplier<String> fingerprint) {
    this.modelName = modelName;
    this.fingerprint = fingerprint;
  }

  void write(Path path, SavedConversation saved) throws IOException {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("model", modelName);
    json.put("fingerprint", fingerprint.get());
    json.put("system", saved.system());
    json.put("toolCalls", saved.toolCalls());
    json.put("messages", saved.messages().stream().map(SessionFile::toJson).toList());
    byte[] body = (JsonTree.write(json) + "\n").getBytes(StandardCharsets.UTF_8);
    byte[] header =
        (MAGIC + VERSION + " " + checksum(body) + "\n").getBytes(StandardCharsets.UTF_8);
    byte[] all = Arrays.copyOf(header, header.length + body.length);
    System.arraycopy(body, 0, all, header.length, body.length);
    WholeFile.write(path, all);
  }

  SavedConversation read(Path path) throws IOException {
    byte[] all = SmallFile.readBytes(path, MAX_BYTES);
    String header =
        new String(all, 0, Math.min(all.length, HEADER_LENGTH), StandardCharsets.ISO_8859_1);
    if (!header.startsWith(MAGIC)) {
      throw new SessionFileException(
          path,
          "this is no saved conversation: it does not begin with '%s'".formatted(MAGIC.strip()));
    }
    String[] words = header.substring(MAGIC.length()).strip().split(" ", -1);
    if (words.length > 1 && !words[0].equals(VERSION)) {
      throw new SessionFileException(
          path,
          "the conversation was saved in version '%s' of the format, this program reads %s"
              .formatted(words[0], VERSION));
    }
    byte[] body = Arrays.copyOfRange(all, Math.min(all.length, HEADER_LENGTH), all.length);
    if (words.length != 2 || !header.endsWith("\n") || !words[1].equals(checksum(body))) {
      throw new SessionFileException(
          path, "the saved conversation is damaged: its checksum is wrong; use another copy");
    }
    Map<?, ?> json = parse(path, body);
    requireSameModel(path, json);
    return conversation(path, json);
  }

  private static Map<?, ?> parse(Path path, byte[] body) throws SessionFileException {
    try {
      if (JsonTree.parse(new String(body, StandardCharsets.UTF_8)) instanceof Map<?, ?> json) {
        return json;
      }
    } catch (IllegalArgumentException e) {
      throw notOurs(path, e);
    }
    throw notOurs(path, new IllegalArgumentException("it is no JSON object"));
  }

  /** The checksum was right: what is wrong was written so. */
  private static SessionFileException notOurs(Path path, RuntimeException why) {
    return new SessionFileException(
        path, "the conversation is not as Chaski saves it: " + why.getMessage(), why);
  }

  private void requireSameModel(Path path, Map<?, ?> json) throws SessionFileException {
    if (!fingerprint.get().equals(json.get("fingerprint"))) {
      throw new SessionFileException(
          path,
          "the conversation was with another model (%s; open now: %s), or with another file of it;"
                  .formatted(json.get("model"), modelName)
              + " open that one");
    }
  }

  private static SavedConversation conversation(Path path, Map<?, ?> json)
      throws SessionFileException {
    try {
      List<Message> messages = new ArrayList<>();
      List<?> saved = field(json, "messages", List.class);
      for (Object message : saved) {
        messages.add(message(as(Map.class, "a message", message)));
      }
      int toolCalls = field(json, "toolCalls", Integer.class);
      if (toolCalls < 0) {
        throw new IllegalArgumentException("'toolCalls' is " + toolCalls + ", expected 0 or more");
      }
      return new SavedConversation(field(json, "system", String.class), messages, toolCalls);
    } catch (IllegalArgumentException e) {
      throw notOurs(path, e);
    }
  }

  private static Map<String, Object> toJson(Message message) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("role", message.role().spelling());
    json.put("content", message.content());
    if (!message.toolCalls().isEmpty()) {
      json.put("calls", message.toolCalls().stream().map(SessionFile::toJson).toList());
    }
    message.answeredCall().ifPresent(call -> json.put("answers", toJson(call)));
    return json;
  }

  private static Map<String, Object> toJson(ToolCall call) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", call.id());
    json.put("name", call.name());
    json.put("arguments", call.arguments());
    return json;
  }

  private static Message message(Map<?, ?> json) {
    String spelling = field(json, "role", String.class);
    Role role =
        Arrays.stream(Role.values())
            .filter(known -> known.spelling().equals(spelling))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("there is no role '" + spelling + "'"));
    List<ToolCall> calls = new ArrayList<>();
    if (json.containsKey("calls")) {
      List<?> saved = field(json, "calls", List.class);
      for (Object call : saved) {
        calls.add(call(as(Map.class, "a call", call)));
      }
    }
    Optional<ToolCall> answered =
        json.containsKey("answers")
            ? Optional.of(call(field(json, "answers", Map.class)))
            : Optional.empty();
    return new Message(role, field(json, "content", String.class), calls, answered);
  }

  private static ToolCall call(Map<?, ?> json) {
    Map<String, Object> arguments = new LinkedHashMap<>();
    Map<?, ?> given = field(json, "arguments", Map.class);
    given.forEach((name, value) -> arguments.put(String.valueOf(name), value));
    return new ToolCall(
        field(json, "id", String.class), field(json, "name", String.class), arguments);
  }

  private static <T> T field(Map<?, ?> json, String name, Class<T> type) {
    return as(type, "'" + name + "'", json.get(name));
  }

  private static <T> T as(Class<T> type, String what, Object value) {
    if (!type.isInstance(value)) {
      throw new IllegalArgumentException(
          what
              + " is "
              + (value == null ? "missing" : "a " + value.getClass().getSimpleName())
              + ", expected a "
              + type.getSimpleName());
    }
    return type.cast(value);
  }

  private static String checksum(byte[] body) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
