package dev.chaski.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.tokenizer.BpeTokenizer;
import dev.chaski.tokenizer.TokenType;
import dev.chaski.tokenizer.TokenizerFormatException;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ChatEncoderTest {
  private static final List<Message> CONVERSATION =
      List.of(
          Message.system(" Be kind.\n"),
          Message.user("Hi"),
          Message.assistant("Hello!"),
          Message.user("\n How are you? "));

  private static BpeTokenizer llama() throws TokenizerFormatException {
    return Vocabularies.control(
        "<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>");
  }

  private static BpeTokenizer chatMl() throws TokenizerFormatException {
    return Vocabularies.control("<|im_start|>", "<|im_end|>");
  }

  private static String text(ChatTemplate template, boolean prompt) {
    return template.render(
        new ChatPrompt(CONVERSATION, List.of(), prompt), TemplateOptions.defaults());
  }

  private static ChatTemplate template(String source) {
    return ChatTemplate.ofCaller(source, Map.of("bos_token", "<|begin_of_text|>"));
  }

  private static ChatEncoder encoder(BpeTokenizer tokenizer, ChatTemplate template) {
    return new ChatEncoder(tokenizer, OptionalInt.empty(), template, TemplateOptions.defaults());
  }

  @Test
  void llamaHeaders() throws TokenizerFormatException {
    ChatTemplate template = ChatTemplate.guess(llama()).orElseThrow();
    String expected =
        "<|start_header_id|>system<|end_header_id|>\n\nBe kind.<|eot_id|>"
            + "<|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>"
            + "<|start_header_id|>assistant<|end_header_id|>\n\nHello!<|eot_id|>"
            + "<|start_header_id|>user<|end_header_id|>\n\nHow are you?<|eot_id|>";
    assertThat(text(template, false)).isEqualTo(expected);
    assertThat(text(template, true))
        .isEqualTo(expected + "<|start_header_id|>assistant<|end_header_id|>\n\n");
    assertThat(template.origin()).isEqualTo(ChatTemplate.Origin.GUESS);
    assertThat(template.description())
        .isEqualTo("llama-3 layout, guessed from special tokens as the model has no template");
  }

  @Test
  void chatMlLines() throws TokenizerFormatException {
    ChatTemplate template = ChatTemplate.guess(chatMl()).orElseThrow();
    assertThat(text(template, true))
        .isEqualTo(
            """
            <|im_start|>system
             Be kind.
            <|im_end|>
            <|im_start|>user
            Hi<|im_end|>
            <|im_start|>assistant
            Hello!<|im_end|>
            <|im_start|>user

             How are you? <|im_end|>
            <|im_start|>assistant
            """);
    assertThat(text(template, false)).endsWith("How are you? <|im_end|>\n");
    assertThat(template.description()).startsWith("chatml layout, guessed");
  }

  @Test
  void theLayoutIsKnownByItsSpecialTokens() throws TokenizerFormatException {
    assertThat(ChatTemplate.guess(Vocabularies.control("<|eot_id|>", "<|im_end|>"))).isEmpty();
    // As plain text they are no layout.
    BpeTokenizer text =
        Vocabularies.with(TokenType.USER_DEFINED, List.of("<|im_start|>", "<|im_end|>"));
    assertThat(ChatTemplate.guess(text)).isEmpty();
  }

  @Test
  void encodesWhatTheTemplateWrites() throws TokenizerFormatException {
    for (BpeTokenizer tokenizer : List.of(llama(), chatMl())) {
      ChatTemplate template = ChatTemplate.guess(tokenizer).orElseThrow();
      int[] ids = encoder(tokenizer, template).encode(CONVERSATION);
      assertThat(tokenizer.decode(ids)).isEqualTo(text(template, true));
      ChatEncoder withBos =
          new ChatEncoder(tokenizer, OptionalInt.of(7), template, TemplateOptions.defaults());
      assertThat(withBos.encode(CONVERSATION)).startsWith(7).endsWith(ids).hasSize(ids.length + 1);
    }
  }

  @Test
  void theTokenThatBeginsATextIsThereOnce() throws TokenizerFormatException {
    BpeTokenizer tokenizer = llama();
    int bos = tokenizer.id("<|begin_of_text|>").orElseThrow();
    int h = tokenizer.encode("h")[0];
    for (String source : List.of("{{ bos_token }}h", "<|begin_of_text|>h", "h")) {
      ChatEncoder encoder =
          new ChatEncoder(
              tokenizer, OptionalInt.of(bos), template(source), TemplateOptions.defaults());
      assertThat(encoder.encode(CONVERSATION)).as(source).containsExactly(bos, h);
    }
    // The template may want it even where the tokenizer does not.
    assertThat(encoder(tokenizer, template("{{ bos_token }}h")).encode(CONVERSATION))
        .containsExactly(bos, h);
  }

  @Test
  void textOfTemplateAndMessageIsEncodedAsOne() throws TokenizerFormatException {
    BpeTokenizer tokenizer = chatMl();
    int[] ids =
        encoder(tokenizer, template("H{{ messages[0].content }}"))
            .encode(List.of(Message.user("i")));
    assertThat(ids).containsExactly(tokenizer.id("Hi").orElseThrow());
  }

  /** Roles are ours, not the user's, so they may be part of a token's spelling. */
  @Test
  void rolesMayBePartOfASpecialToken() throws TokenizerFormatException {
    BpeTokenizer tokenizer = Vocabularies.control("<|user|>");
    int[] ids =
        encoder(tokenizer, template("{{ '<|' + messages[0].role + '|>' }}"))
            .encode(List.of(Message.user("Hi")));
    assertThat(ids).containsExactly(tokenizer.id("<|user|>").orElseThrow());
  }
}
