package dev.chaski.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.chaski.grammar.Grammar;
import dev.chaski.grammar.GrammarException;
import org.junit.jupiter.api.Test;

class ResponseFormatTest {
  @Test
  void faultsComeAtOnce() {
    assertThatExceptionOfType(GrammarException.class)
        .isThrownBy(() -> ResponseFormat.jsonSchema("{\"not\": {}}"));
    assertThatExceptionOfType(GrammarException.class)
        .isThrownBy(() -> ResponseFormat.grammar("root = x"));
  }

  @Test
  void formatsAreGrammars() {
    assertThat(ResponseFormat.text().toGrammar()).isEmpty();
    assertThat(ResponseFormat.jsonObject().toGrammar().orElseThrow().matches("{}")).isTrue();
    assertThat(
            ResponseFormat.jsonSchema("{\"type\": \"null\"}")
                .toGrammar()
                .orElseThrow()
                .matches("null"))
        .isTrue();
    assertThat(ResponseFormat.grammar("root ::= \"a\"").toGrammar().orElseThrow().matches("a"))
        .isTrue();
    Grammar own = Grammar.text("b");
    assertThat(ResponseFormat.grammar(own).toGrammar()).containsSame(own);
  }

  @Test
  void anAnswerInAFormatHasAnEnd() {
    GenerationOptions open = GenerationOptions.defaults().withIgnoreStopTokens(true);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> open.withResponseFormat(ResponseFormat.jsonObject()))
        .withMessageContaining("ignoreStopTokens");
  }
}
