package dev.chaski.cli.chat;

import dev.chaski.cli.terminal.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** Where what was typed is kept for the next chat. Source: XDG Base Directory Specification. */
final class HistoryFile {
  private HistoryFile() {}

  /** The file, readable by its owner only; empty if there is no place for it. */
  static Optional<Path> prepare(Console console) {
    try {
      Optional<Path> file = location(console);
      if (file.isPresent() && Files.notExists(file.get())) {
        Files.createDirectories(file.get().getParent());
        Files.createFile(file.get());
        makePrivate(file.get());
      }
      return file.filter(Files::isWritable);
    } catch (IOException | InvalidPathException _) {
      return Optional.empty(); // a chat without history is still a chat
    }
  }

  private static Optional<Path> location(Console console) {
    String state = console.variable("XDG_STATE_HOME");
    String home = console.variable("HOME");
    if (state.startsWith("/")) {
      return Optional.of(Path.of(state, "chaski", "history"));
    }
    return home.isEmpty()
        ? Optional.empty()
        : Optional.of(Path.of(home, ".local", "state", "chaski", "history"));
  }

  private static void makePrivate(Path file) throws IOException {
    try {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    } catch (UnsupportedOperationException _) {
      // Not a file system that knows owners this way.
    }
  }
}
