package dev.chaski;

import java.io.IOException;
import java.nio.file.Path;

/** The example in the README: what stands between the two marks is what is printed there. */
final class ReadmeExample {
  private ReadmeExample() {}

  // README: begin
  public static void main(String[] args) throws IOException {
    try (Chaski chaski = Chaski.open(Path.of(args[0]), Options.defaults());
        ChatSession chat = chaski.chat(ChatOptions.defaults())) {
      chat.send("What is the capital of France?", System.out::print);
      System.out.println();
    }
  }
  // README: end
}
