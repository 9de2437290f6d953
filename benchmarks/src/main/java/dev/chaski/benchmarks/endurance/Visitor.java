package dev.chaski.benchmarks.endurance;

import dev.chaski.Chaski;
import dev.chaski.ChatAnswer;
import dev.chaski.ChatSession;
import dev.chaski.generate.Cancellation;
import dev.chaski.generate.FinishReason;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** Does errands in sessions of its own, and lets some be spoiled; checks what comes of each. */
final class Visitor implements Runnable {
  private static final int SPOILED_ONE_IN = 4;

  private final Chaski chaski;
  private final List<Errand> errands;
  private final List<List<List<Integer>>> expected; // of each errand, each turn, the tokens
  private final Tally tally;
  private final Random random;
  private final BooleanSupplier done;
  private volatile Visit visit; // null between two

  /** A session in use. */
  private static final class Visit {
    final ChatSession session;
    final Cancellation cancellation;
    volatile boolean mayBeClosed;

    Visit(ChatSession session, Cancellation cancellation) {
      this.session = session;
      this.cancellation = cancellation;
    }
  }

  Visitor(
      Chaski chaski,
      List<Errand> errands,
      List<List<List<Integer>>> expected,
      Tally tally,
      long seed,
      BooleanSupplier done) {
    this.chaski = chaski;
    this.errands = errands;
    this.expected = expected;
    this.tally = tally;
    this.random = new Random(seed);
    this.done = done;
  }

  @Override
  public void run() {
    while (!done.getAsBoolean()) {
      int which = random.nextInt(errands.size());
      try {
        visit(errands.get(which), expected.get(which));
      } catch (IOException | RuntimeException | Error e) {
        tally.fault("errand " + which + ": " + e + " at " + Arrays.toString(e.getStackTrace()));
      }
      tally.steps.increment();
    }
  }

  private void visit(Errand errand, List<List<Integer>> answers) throws IOException {
    Cancellation cancellation = new Cancellation();
    int pieces = random.nextInt(SPOILED_ONE_IN) == 0 ? random.nextInt(40) : Integer.MAX_VALUE;
    try (ChatSession session =
        chaski.chat(
            errand
                .options()
                .withGeneration(errand.options().generation().withCancellation(cancellation)))) {
      Visit now = new Visit(session, cancellation);
      visit = now;
      for (int turn = 0; turn < answers.size() && !cancellation.isCancelled(); turn++) {
        ask(now, errand.turns().get(turn), answers.get(turn), pieces);
      }
    } finally {
      visit = null;
    }
  }

  private void ask(Visit now, String question, List<Integer> expectedTokens, int pieces) {
    int[] left = {pieces};
    try {
      ChatAnswer answer =
          now.session.send(
              question,
              _ -> {
                tally.steps.increment();
                if (--left[0] == 0) {
                  now.cancellation.cancel();
                }
              });
      check(question, answer, expectedTokens);
    } catch (IllegalStateException e) {
      if (!now.mayBeClosed) {
        throw e;
      }
      tally.closed.increment();
      now.cancellation.cancel(); // that was it
    }
  }

  private void check(String question, ChatAnswer answer, List<Integer> expectedTokens) {
    List<Integer> tokens = answer.tokens();
    boolean whole = answer.finishReason() != FinishReason.CANCELLED;
    boolean right =
        whole
            ? tokens.equals(expectedTokens)
            : tokens.size() <= expectedTokens.size()
                && tokens.equals(expectedTokens.subList(0, tokens.size()));
    if (!right) {
      tally.fault(
          "'%s' was answered %s, alone it is %s".formatted(question, tokens, expectedTokens));
    } else if (whole) {
      tally.finished.increment();
    } else {
      tally.cancelled.increment();
    }
  }

  /** From another thread: cancels what this one is doing. */
  void cancel() {
    Visit now = visit;
    if (now != null) {
      now.cancellation.cancel();
    }
  }

  /** From another thread: closes this one's session, which is refused while it answers. */
  void closeSession() {
    Visit now = visit;
    if (now != null) {
      now.mayBeClosed = true;
      try {
        now.session.close();
      } catch (IllegalStateException _) {
        tally.refused.increment();
      }
    }
  }
}
