package dev.chaski.cli;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Shows what a token stands for. */
final class Pieces {
  private Pieces() {}

  /** The text in quotes, control characters escaped; bytes that are no whole characters in hex. */
  static String quoted(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      StringBuilder quoted = new StringBuilder("\"");
      text.codePoints().forEach(c -> append(quoted, c));
      return quoted.append('"').toString();
    } catch (CharacterCodingException _) {
      return "bytes " + HexFormat.ofDelimiter(" ").formatHex(bytes);
    }
  }

  private static void append(StringBuilder out, int codePoint) {
    switch (codePoint) {
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      default -> {
        boolean visible =
            switch (Character.getType(codePoint)) {
              case Character.CONTROL,
                  Character.FORMAT,
                  Character.LINE_SEPARATOR,
                  Character.PARAGRAPH_SEPARATOR ->
                  false;
              default -> true;
            };
        if (visible) {
          out.appendCodePoint(codePoint);
        } else {
          out.append("\\u{%x}".formatted(codePoint));
        }
      }
    }
  }
}
