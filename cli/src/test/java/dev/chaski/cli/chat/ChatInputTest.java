package dev.chaski.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChatInputTest {
  @Test
  void commands() {
    assertThat(ChatInput.of("/help")).isEqualTo(new ChatInput.Help());
    assertThat(ChatInput.of(" /reset ")).isEqualTo(new ChatInput.Reset());
    assertThat(ChatInput.of("/stats")).isEqualTo(new ChatInput.Stats());
    assertThat(ChatInput.of("/exit")).isEqualTo(new ChatInput.Exit());
    assertThat(ChatInput.of("/quit")).isEqualTo(new ChatInput.Exit());
    assertThat(ChatInput.of("/json")).isEqualTo(new ChatInput.Json(""));
    assertThat(ChatInput.of("/json {\"type\": \"object\"} "))
        .isEqualTo(new ChatInput.Json("{\"type\": \"object\"}"));
    assertThat(ChatInput.of("/model")).isEqualTo(new ChatInput.Model());
    assertThat(ChatInput.of("/system")).isEqualTo(new ChatInput.SystemMessage(""));
    assertThat(ChatInput.of("/system  Be brief.\nVery. "))
        .isEqualTo(new ChatInput.SystemMessage("Be brief.\nVery."));
    assertThat(ChatInput.of("/hlep me")).isEqualTo(new ChatInput.Unknown("/hlep"));
  }

  @Test
  void everyListedCommandExists() {
    assertThat(ChatInput.COMMANDS)
        .noneMatch(name -> ChatInput.of(name) instanceof ChatInput.Unknown)
        .allMatch(ChatInput.HELP::contains);
  }

  @Test
  void messages() {
    assertThat(ChatInput.of("Hello!")).isEqualTo(new ChatInput.Say("Hello!"));
    assertThat(ChatInput.of("What is /help?")).isEqualTo(new ChatInput.Say("What is /help?"));
    assertThat(ChatInput.of("/usr/lib is full")).isEqualTo(new ChatInput.Say("/usr/lib is full"));
    assertThat(ChatInput.of("//help")).isEqualTo(new ChatInput.Say("/help"));
  }
}
