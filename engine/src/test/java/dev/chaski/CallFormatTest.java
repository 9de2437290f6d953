package dev.chaski;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.chaski.chat.CallKeys;
import dev.chaski.chat.tool.Tool;
import dev.chaski.chat.tool.ToolChoice;
import dev.chaski.generate.ResponseFormat;
import dev.chaski.grammar.GrammarMatcher;
import dev.chaski.grammar.TokenGrammar;
import dev.chaski.grammar.TokenTrie;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which texts a forced call may be; a token is a byte here. */
class CallFormatTest {
  private static final int END = 256;
  private static final Tool DICE =
      Tool.of(
          "roll_dice",
          "Roll dice",
          "{\"properties\": {\"sides\": {\"enum\": [6, 20]}}, \"required\": [\"sides\"]}");

  private static boolean accepts(ResponseFormat format, String text) {
    TokenTrie trie =
        TokenTrie.of(END + 1, token -> token == END ? null : new byte[] {(byte) token});
    GrammarMatcher matcher =
        TokenGrammar.of(format.toGrammar().orElseThrow(), trie, Set.of(END)).matcher();
    for (byte b : (text + "\0").getBytes(StandardCharsets.UTF_8)) {
      long[] allowed = new long[(END + Long.SIZE) / Long.SIZE];
      Arrays.fill(allowed, -1);
      matcher.mask(allowed);
      int token = b == 0 ? END : b;
      if ((allowed[token / Long.SIZE] >>> token & 1) == 0) {
        return false;
      }
      matcher.accept(token);
    }
    return true;
  }

  private static ResponseFormat forced(CallKeys keys) {
    return CallFormat.of(List.of(DICE), ToolChoice.required(), ResponseFormat.text(), () -> keys);
  }

  @Test
  void aCallHasTheKeysOfItsFamily() {
    String hermes = "{\"name\": \"roll_dice\", \"arguments\": {\"sides\": 20}}";
    String llama = "{\"name\": \"roll_dice\", \"parameters\": {\"sides\": 20}}";
    String storm = "{\"tool_name\": \"roll_dice\", \"tool_arguments\": {\"sides\": 20}}";
    List<String> all = List.of(hermes, llama, storm);
    List<CallKeys> keys =
        List.of(
            CallKeys.USUAL,
            new CallKeys("name", "parameters"),
            new CallKeys("tool_name", "tool_arguments"));
    for (int i = 0; i < all.size(); i++) {
      for (int j = 0; j < all.size(); j++) {
        assertThat(accepts(forced(keys.get(i)), all.get(j)))
            .as("%s with %s", all.get(j), keys.get(i))
            .isEqualTo(i == j);
      }
    }
    assertThat(accepts(forced(CallKeys.USUAL), hermes.replace("20", "7"))).isFalse();
  }

  @Test
  void textIsLeftAsItIs() {
    assertThat(
            CallFormat.of(
                List.of(DICE),
                ToolChoice.auto(),
                ResponseFormat.text(),
                () -> {
                  throw new AssertionError("not asked for");
                }))
        .isEqualTo(ResponseFormat.text());
  }

  @Test
  void aToolThatIsNotThereCannotBeForced() {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            CallFormat.of(
                List.of(DICE),
                ToolChoice.named("other"),
                ResponseFormat.text(),
                () -> CallKeys.USUAL))
        .withMessageContaining("call a tool (other), but there is none");
  }
}
