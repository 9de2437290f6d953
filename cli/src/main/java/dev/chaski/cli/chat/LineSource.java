package dev.chaski.cli.chat;

import dev.chaski.cli.terminal.Interrupts.Guard;
import dev.chaski.generate.Cancellation;
import java.io.IOException;
import java.util.Optional;

/** Where the messages of a chat come from. */
public interface LineSource extends AutoCloseable {
  /** Whether somebody sits there and reads what we say. */
  boolean isInteractive();

  /**
   * The next message, or empty when there are no more.
   *
   * @param status what the one who is asked should know, short; may be empty
   * @throws IOException if they cannot be read
   */
  Optional<String> next(String status) throws IOException;

  /** Columns of the terminal that answers are read on; 0 if there is none, or it does not say. */
  int columns();

  /**
   * The answer to a question, or empty if nobody can be asked, or will not answer.
   *
   * @throws IOException if it cannot be read
   */
  Optional<String> ask(String question) throws IOException;

  /** Lets Ctrl-C cancel an answer, until the result is closed. */
  Guard answering(Cancellation cancellation);

  @Override
  void close();
}
