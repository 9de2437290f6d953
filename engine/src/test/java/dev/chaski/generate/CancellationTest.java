package dev.chaski.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.ProjectFiles;
import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KernelsChoice;
import dev.chaski.kernels.KernelsOptions;
import dev.chaski.kernels.TensorType;
import dev.chaski.load.GgufLoader;
import dev.chaski.load.LoadedModel;
import dev.chaski.load.LoadedTokenizer;
import dev.chaski.sample.SamplingOptions;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whenever a generation is cancelled, it ends at once, and the next one is as if it had not been.
 */
@Timeout(60)
class CancellationTest {
  private static final int BATCH = 4;

  private Kernels kernels;
  private LoadedModel loaded;
  private Generator generator;
  private int[] prompt;

  @BeforeEach
  void load() throws IOException {
    kernels = KernelsChoice.best().provider().create(new KernelsOptions(2));
    loaded = GgufLoader.load(ProjectFiles.embeddedModel(), kernels);
    LoadedTokenizer tokenizer = loaded.tokenizer();
    generator =
        new Generator(
            loaded.model(),
            tokenizer.tokenizer(),
            tokenizer.stops(),
            loaded.model().newCache(TensorType.F16, 128),
            BATCH);
    prompt = tokenizer.tokenizer().encode("Once upon a time there was a llama who");
    assertThat(prompt.length).isGreaterThan(2 * BATCH);
  }

  @AfterEach
  void unload() {
    generator.close();
    loaded.close();
    kernels.close();
  }

  private static GenerationOptions options(Cancellation cancellation) {
    return GenerationOptions.defaults()
        .withSampling(SamplingOptions.greedy())
        .withIgnoreStopTokens(true)
        .withMaxTokens(12)
        .withCancellation(cancellation);
  }

  private Generation generate(Cancellation cancellation, GenerationListener listener) {
    return generator.generate(prompt, options(cancellation), listener);
  }

  private void assertNextIsAsIfFresh() {
    Generation next = generate(new Cancellation(), GenerationListener.NONE);
    generator.reset();
    Generation fresh = generate(new Cancellation(), GenerationListener.NONE);
    assertThat(next.tokens()).hasSize(12).isEqualTo(fresh.tokens());
    assertThat(next.text()).isEqualTo(fresh.text());
  }

  @Test
  void beforeItBegins() {
    Cancellation cancellation = new Cancellation();
    cancellation.cancel();
    Recorder recorder = new Recorder();
    Generation answer = generate(cancellation, recorder);
    assertThat(answer.finishReason()).isEqualTo(FinishReason.CANCELLED);
    assertThat(answer.tokens()).isEmpty();
    assertThat(answer.text()).isEmpty();
    assertThat(answer.statistics().generatedTokens()).isZero();
    assertThat(recorder.prefills).isEmpty();
    assertThat(generator.contextUsed()).isZero();
    assertNextIsAsIfFresh();
  }

  /** Calls back when a chunk of the prompt was read or a piece of text came. */
  private record Hooks(Runnable prefill, Runnable text) implements GenerationListener {
    @Override
    public void onText(String piece) {
      text.run();
    }

    @Override
    public void onPrefill(int done, int total) {
      prefill.run();
    }
  }

  private static void nothing() {}

  @Test
  void whileThePromptIsRead() {
    Cancellation cancellation = new Cancellation();
    Generation answer =
        generate(cancellation, new Hooks(cancellation::cancel, CancellationTest::nothing));
    assertThat(answer.finishReason()).isEqualTo(FinishReason.CANCELLED);
    assertThat(answer.tokens()).isEmpty();
    assertThat(generator.contextUsed()).as("one chunk").isEqualTo(BATCH);
    assertNextIsAsIfFresh();
  }

  @Test
  void whileTextComes() {
    Cancellation cancellation = new Cancellation();
    Recorder recorder = new Recorder();
    Generation answer =
        generate(
            cancellation,
            piece -> {
              recorder.onText(piece);
              cancellation.cancel();
            });
    assertThat(answer.finishReason()).isEqualTo(FinishReason.CANCELLED);
    assertThat(recorder.pieces).as("nothing after it").hasSize(1);
    assertThat(answer.text()).isEqualTo(recorder.pieces.getFirst());
    assertThat(answer.statistics().generatedTokens()).isEqualTo(answer.tokens().size());
    assertNextIsAsIfFresh();
  }

  @Test
  void textThatIsHeldBackStillComes() throws IOException {
    Cancellation cancellation = new Cancellation();
    String whole = generate(new Cancellation(), GenerationListener.NONE).text();
    String end = whole.substring(1) + "never"; // holds back all but the first character
    Generation answer =
        generator.generate(
            prompt,
            options(cancellation).withStopStrings(List.of(end)),
            _ -> cancellation.cancel());
    assertThat(answer.finishReason()).isEqualTo(FinishReason.CANCELLED);
    int[] ids = answer.tokens().stream().mapToInt(Integer::intValue).toArray();
    assertThat(answer.text()).isEqualTo(loaded.tokenizer().tokenizer().decode(ids));
    assertThat(answer.text().length()).isGreaterThan(1);
  }

  @Test
  void fromAnotherThreadWhileThePromptIsRead() {
    Meeting meeting = new Meeting();
    Generation answer = meeting.generate(new Hooks(meeting::meet, CancellationTest::nothing));
    assertThat(answer.finishReason()).isEqualTo(FinishReason.CANCELLED);
    assertThat(answer.tokens()).isEmpty();
    assertThat(generator.contextUsed()).isEqualTo(BATCH);
    assertNextIsAsIfFresh();
  }

  @Test
  void fromAnotherThreadWhileTextComes() {
    Meeting meeting = new Meeting();
    Generation answer = meeting.generate(new Hooks(CancellationTest::nothing, meeting::meet));
    assertThat(answer.finishReason()).isEqualTo(FinishReason.CANCELLED);
    assertThat(answer.tokens()).hasSizeLessThan(12);
    assertNextIsAsIfFresh();
  }

  /** A generation that stops at a certain point until another thread has cancelled it. */
  private final class Meeting {
    private final Cancellation cancellation = new Cancellation();
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch cancelled = new CountDownLatch(1);

    Generation generate(GenerationListener listener) {
      CompletableFuture<Void> other =
          CompletableFuture.runAsync(
              () -> {
                await(reached);
                cancellation.cancel();
                cancelled.countDown();
              },
              task -> new Thread(task, "canceller").start());
      Generation answer = CancellationTest.this.generate(cancellation, listener);
      other.join();
      return answer;
    }

    void meet() {
      reached.countDown();
      await(cancelled);
    }

    private static void await(CountDownLatch latch) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
