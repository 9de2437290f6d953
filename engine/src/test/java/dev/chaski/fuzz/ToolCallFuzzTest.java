package dev.chaski.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.chaski.chat.tool.ToolCall;
import dev.chaski.chat.tool.ToolCallListener;
import dev.chaski.chat.tool.ToolCallScanner;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** What a model says that has tools: the first byte says how its answer is cut into pieces. */
class ToolCallFuzzTest {
  static List<byte[]> seeds() {
    return Stream.of(
            "\u0001Well.\n"
                + "<tool_call>\n"
                + "{\"name\": \"f\", \"arguments\": {\"a\": [1, null]}}\n"
                + "</tool_call>",
            "\u0003<tool_call>{'tool_name': 'f', 'tool_arguments': {'a': True}}</tool_call> more",
            "\u0002{\"name\": \"f\", \"parameters\": {\"a\": \"\\u00e9\\n\"}}; {\"name\": \"g\"}",
            "\u0007[f(a=1, b=\"x\"), g()]",
            "\u0004<|python_tag|>f.call(a=\"b\")",
            "\u0005<function=f>{\"a\": 1.5e3}</function>")
        .map(Hostile::bytes)
        .toList();
  }

  @MethodSource("seeds")
  @FuzzTest
  void piecesMakeNoDifference(byte[] data) throws Exception {
    if (data.length == 0) {
      return;
    }
    String answer = Hostile.text(data).substring(1);
    int step = 1 + Math.floorMod(data[0], 16);
    Hostile.use(
        () -> assertThat(scan(answer, step)).isEqualTo(scan(answer, Math.max(1, answer.length()))));
  }

  private static String scan(String answer, int step) {
    StringBuilder seen = new StringBuilder();
    ToolCallScanner scanner =
        new ToolCallScanner(
            Set.of("f", "g"),
            () -> "id",
            new ToolCallListener() {
              @Override
              public void onText(String piece) {
                seen.append(piece);
              }

              @Override
              public void onToolCall(ToolCall call) {
                seen.append('\0').append(call).append('\0');
              }
            });
    for (int at = 0; at < answer.length(); at += step) {
      scanner.accept(answer.substring(at, Math.min(answer.length(), at + step)));
    }
    scanner.finish(true);
    return seen.toString();
  }
}
