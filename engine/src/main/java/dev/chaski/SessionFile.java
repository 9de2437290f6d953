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
    Map<?, ?> json = (Map<?, ?>) JsonTree.parse(new String(body, StandardCharsets.UTF_8));
    requireSameModel(path, json);
    return conversation(path, json);
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

  /** The checksum was right: what is wrong now was written so. */
  private static SavedConversation conversation(Path path, Map<?, ?> json)
      throws SessionFileException {
    try {
      List<Message> messages = new ArrayList<>();
      for (Object message : (List<?>) json.get("messages")) {
        messages.add(message((Map<?, ?>) message));
      }
      return new SavedConversation(
          (String) json.get("system"), messages, ((Number) json.get("toolCalls")).intValue());
    } catch (ClassCastException | NullPointerException | IllegalArgumentException e) {
      throw new SessionFileException(path, "the conversation is not as Chaski saves it: " + e, e);
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
    Role role =
        Arrays.stream(Role.values())
            .filter(known -> known.spelling().equals(json.get("role")))
            .findFirst()
            .orElseThrow(
                () -> new IllegalArgumentException("there is no role " + json.get("role")));
    List<ToolCall> calls = new ArrayList<>();
    if (json.get("calls") instanceof List<?> list) {
      list.forEach(call -> calls.add(call((Map<?, ?>) call)));
    }
    return new Message(
        role,
        (String) json.get("content"),
        calls,
        Optional.ofNullable((Map<?, ?>) json.get("answers")).map(SessionFile::call));
  }

  private static ToolCall call(Map<?, ?> json) {
    Map<String, Object> arguments = new LinkedHashMap<>();
    ((Map<?, ?>) json.get("arguments"))
        .forEach((name, value) -> arguments.put((String) name, value));
    return new ToolCall((String) json.get("id"), (String) json.get("name"), arguments);
  }

  private static String checksum(byte[] body) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
