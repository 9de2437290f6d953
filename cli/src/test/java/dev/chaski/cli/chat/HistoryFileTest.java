package dev.chaski.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.cli.terminal.Console;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryFileTest {
  @TempDir private Path folder;

  @Test
  void liesInTheStateFolderAndIsPrivate() throws IOException {
    Path file = HistoryFile.prepare(console("XDG_STATE_HOME", folder.toString())).orElseThrow();

    assertThat(file).isEqualTo(folder.resolve("chaski").resolve("history"));
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void liesInTheHomeFolderByDefault() {
    assertThat(HistoryFile.prepare(console("HOME", folder.toString())))
        .hasValue(folder.resolve(".local/state/chaski/history"));
  }

  @Test
  void isDoneWithoutWhereThereIsNoPlace() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    assertThat(HistoryFile.prepare(console("HOME", file.toString()))).isEmpty();
    assertThat(HistoryFile.prepare(console("XDG_STATE_HOME", "relative"))).isEmpty();
  }

  private static Console console(String name, String value) {
    return new Console(
        InputStream.nullInputStream(),
        new ByteArrayOutputStream(),
        new ByteArrayOutputStream(),
        Set.of(),
        Map.of(name, value));
  }
}
