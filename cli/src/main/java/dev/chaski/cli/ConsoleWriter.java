package dev.chaski.cli;

import dev.chaski.cli.terminal.Console;
import java.io.PrintWriter;
import java.io.Writer;

/** Standard output as picocli wants it. Unlike other print writers it fails when output does. */
final class ConsoleWriter extends PrintWriter {
  ConsoleWriter(Console console) {
    super(
        new Writer() {
          @Override
          public void write(char[] text, int offset, int length) {
            console.print(new String(text, offset, length));
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        });
  }
}
