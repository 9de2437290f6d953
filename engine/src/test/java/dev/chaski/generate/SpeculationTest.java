package dev.chaski.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaski.load.GgufLoader;
import dev.chaski.load.LlamaGguf;
import dev.chaski.load.LlamaShape;
import dev.chaski.load.LoadedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Guessing ahead changes nothing but the time: what is right is used, what is wrong taken back. */
class SpeculationTest {
  private static final int CONTEXT = 200;

  private static Cria cria;

  @BeforeAll
  static void load() throws IOException {
    cria = Cria.open("vector");
  }

  @AfterAll
  static void unload() {
    cria.close();
  }

  /** Guesses of all kinds: from the text, always right, often right, never right. */
  private static List<Speculation> speculations(Cria model, int tokens) throws IOException {
    int layers = model.model().config().numLayers();
    return List.of(
        new Speculation.Lookup(tokens),
        new Speculation.DraftModel(model.model(), model.tokenizer(), tokens),
        new Speculation.DraftModel(model.firstLayers(layers - 1), model.tokenizer(), tokens),
        new Speculation.DraftModel(model.firstLayers(1), model.tokenizer(), tokens));
  }

  /** What somebody sees of an answer, and what is left of it. */
  private record Seen(
      List<Integer> tokens,
      String text,
      List<String> pieces,
      List<TokenLogProbs> logProbs,
      FinishReason reason,
      int contextUsed,
      int cachedNextTime) {}

  private static Seen see(Generator generator, int[] prompt, GenerationOptions options) {
    generator.reset();
    Recorder recorder = new Recorder();
    Generation answer = generator.generate(prompt, options, recorder);
    int used = generator.contextUsed();
    Generation again =
        generator.generate(prompt, options.withMaxTokens(0), GenerationListener.NONE);
    return new Seen(
        answer.tokens(),
        answer.text(),
        recorder.pieces,
        answer.logProbs(),
        answer.finishReason(),
        used,
        again.statistics().cachedTokens());
  }

  private static void assertSame(Generator generator, int[] prompt, GenerationOptions options)
      throws IOException {
    assertSame(cria, generator, prompt, options, 4);
  }

  private static void assertSame(
      Cria model, Generator generator, int[] prompt, GenerationOptions options, int tokens)
      throws IOException {
    Seen plain = see(generator, prompt, options);
    for (Speculation speculation : speculations(model, tokens)) {
      assertThat(see(generator, prompt, options.withSpeculation(speculation)))
          .as("%s, %d tokens", speculation, tokens)
          .isEqualTo(plain);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = "scalar")
  void greedyAnswersStayTheSame(String kernels) throws IOException {
    try (Cria model = Cria.open(kernels);
        Generator generator = model.generator(CONTEXT)) {
      int step = kernels.equals("scalar") ? 5 : 1; // which is slow
      for (int i = 0; i < Cria.QUESTIONS.size(); i += step) {
        int tokens = 1 + i % Speculation.MAX_TOKENS;
        GenerationOptions options = Cria.greedy().withLogProbs(2);
        assertSame(model, generator, model.prompt(Cria.QUESTIONS.get(i)), options, tokens);
      }
    }
  }

  @Test
  void sampledAnswersStayTheSame() throws IOException {
    try (Generator generator = cria.generator(CONTEXT)) {
      for (int seed = 0; seed < Cria.QUESTIONS.size(); seed += 2) {
        int[] prompt = cria.prompt(Cria.QUESTIONS.get(seed));
        assertSame(generator, prompt, Cria.sampled(seed).withIgnoreStopTokens(seed % 4 == 0));
      }
    }
  }

  @Test
  void limitsAndStopStringsInsideADraft() throws IOException {
    int[] prompt = cria.prompt("Count to 10.");
    try (Generator generator = cria.generator(CONTEXT)) {
      String whole = generator.generate(prompt, Cria.greedy(), GenerationListener.NONE).text();
      for (int at = 0; at < 12; at++) {
        assertSame(generator, prompt, Cria.greedy().withMaxTokens(at));
        String stop = whole.substring(at, at + 1 + at % 4);
        assertSame(generator, prompt, Cria.greedy().withStopStrings(List.of(stop)));
      }
    }
  }

  @Test
  void fullContextInsideADraft() throws IOException {
    int[] prompt = cria.prompt("Count to 10.");
    for (int room = 1; room <= 8; room++) {
      try (Generator generator = cria.generator(prompt.length + room)) {
        assertSame(generator, prompt, Cria.greedy());
        assertThat(see(generator, prompt, Cria.greedy()).reason())
            .isEqualTo(FinishReason.CONTEXT_FULL);
      }
    }
  }

  @Test
  void responseFormats() throws IOException {
    try (Generator generator = cria.generator(CONTEXT)) {
      for (GenerationOptions options : List.of(Cria.greedy(), Cria.sampled(3))) {
        assertSame(
            generator,
            cria.prompt("Write JSON with the name Ada and the age 36."),
            options.withResponseFormat(ResponseFormat.jsonObject()));
        assertSame(
            generator,
            cria.prompt("Count to 10."),
            options.withResponseFormat(
                ResponseFormat.grammar("root ::= \"1, 2, \" [0-9, ]+ \"end\"")));
      }
    }
  }

  /** Cancelled by what it hears, and ended by a listener that throws. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void endsFromOutsideInsideADraft(int pieces) throws IOException {
    int[] prompt = cria.prompt("Count to 10.");
    List<Generation> cancelled = new ArrayList<>();
    List<Integer> used = new ArrayList<>();
    try (Generator generator = cria.generator(CONTEXT)) {
      for (Speculation speculation :
          List.of(
              Speculation.none(), new Speculation.DraftModel(cria.model(), cria.tokenizer(), 5))) {
        generator.reset();
        Cancellation cancellation = new Cancellation();
        GenerationOptions options =
            Cria.greedy().withCancellation(cancellation).withSpeculation(speculation);
        cancelled.add(generator.generate(prompt, options, after(pieces, cancellation::cancel)));
        used.add(generator.contextUsed());
        generator.reset();
        GenerationOptions alive = options.withCancellation(new Cancellation());
        GenerationListener impatient = after(pieces, SpeculationTest::fail);
        assertThatThrownBy(() -> generator.generate(prompt, alive, impatient)).hasMessage("enough");
        used.add(generator.contextUsed());
      }
    }
    assertThat(cancelled.getLast().text()).isEqualTo(cancelled.getFirst().text());
    assertThat(cancelled).extracting(Generation::finishReason).containsOnly(FinishReason.CANCELLED);
    assertThat(used).as("positions that are left").containsOnly(used.getFirst());
  }

  private static void fail() {
    throw new UnsupportedOperationException("enough");
  }

  private static GenerationListener after(int pieces, Runnable action) {
    int[] heard = {0};
    return _ -> {
      if (++heard[0] == pieces) {
        action.run();
      }
    };
  }

  @Test
  void whatWasGuessedIsCounted() throws IOException {
    try (Generator generator = cria.generator(CONTEXT)) {
      int[] prompt = cria.prompt("Count to 20.");
      GenerationStatistics plain = statistics(generator, prompt, Speculation.none());
      assertThat(plain.draftedTokens()).isZero();
      assertThat(plain.acceptedTokens()).isZero();

      GenerationStatistics right =
          statistics(
              generator, prompt, new Speculation.DraftModel(cria.model(), cria.tokenizer(), 4));
      // A fifth of the passes: the rest of the tokens after the first were guessed.
      assertThat(right.acceptedTokens()).isGreaterThan((right.generatedTokens() - 1) * 7 / 10);
      assertThat(right.draftedTokens()).isEqualTo(right.acceptedTokens());

      GenerationStatistics wrong =
          statistics(
              generator,
              prompt,
              new Speculation.DraftModel(cria.firstLayers(1), cria.tokenizer(), 4));
      assertThat(wrong.draftedTokens()).isGreaterThan(20);
      assertThat(wrong.acceptedTokens()).isLessThan(wrong.draftedTokens() / 2);

      GenerationStatistics repeated =
          statistics(
              generator,
              cria.prompt("Repeat this: Flower navy Quigoth 664 pizza Flower navy Quigoth 664"),
              Speculation.lookup());
      assertThat(repeated.acceptedTokens()).isGreaterThan(10);
    }
  }

  private static GenerationStatistics statistics(
      Generator generator, int[] prompt, Speculation speculation) {
    return generator
        .generate(prompt, Cria.greedy().withSpeculation(speculation), GenerationListener.NONE)
        .statistics();
  }

  /** Turns of a conversation, with another kind of guesses each. */
  @Test
  void eachTurnGoesOnWhereTheLastOneEnded() throws IOException {
    List<Seen> plain = new ArrayList<>();
    List<Seen> guessed = new ArrayList<>();
    for (boolean speculating : new boolean[] {false, true}) {
      try (Generator generator = cria.generator(CONTEXT)) {
        int[] prompt = cria.prompt("Count to 10.");
        for (Speculation speculation : speculations(cria, 3)) {
          GenerationOptions options =
              Cria.greedy().withSpeculation(speculating ? speculation : Speculation.none());
          Generation answer = generator.generate(prompt, options, GenerationListener.NONE);
          (speculating ? guessed : plain)
              .add(
                  new Seen(
                      answer.tokens(),
                      answer.text(),
                      List.of(),
                      answer.logProbs(),
                      answer.finishReason(),
                      generator.contextUsed(),
                      answer.statistics().cachedTokens()));
          int[] longer = Arrays.copyOf(prompt, prompt.length + answer.tokens().size());
          for (int i = 0; i < answer.tokens().size(); i++) {
            longer[prompt.length + i] = answer.tokens().get(i);
          }
          prompt = longer;
        }
      }
    }
    assertThat(guessed).isEqualTo(plain);
  }

  @Test
  void anotherVocabularyIsRefused(@TempDir Path folder) throws IOException {
    Path file = new LlamaGguf(LlamaShape.plain(), 1).writeTo(folder.resolve("other.gguf"));
    int[] prompt = cria.prompt("Count to 10.");
    try (LoadedModel other = GgufLoader.load(file, cria.model().kernels());
        Generator generator = cria.generator(CONTEXT)) {
      GenerationOptions options =
          Cria.greedy()
              .withSpeculation(
                  new Speculation.DraftModel(other.model(), other.tokenizer().tokenizer(), 4));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> generator.generate(prompt, options, GenerationListener.NONE))
          .withMessage(
              "the draft model has another vocabulary: 259 tokens, the model has 2,048; use a"
                  + " smaller model of the same family");
      assertThat(generator.contextUsed()).isZero();
      assertSame(generator, prompt, Cria.greedy());
    }
  }

  @Test
  void longDraftsAreRefused() {
    for (int tokens : new int[] {0, Speculation.MAX_TOKENS + 1}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Speculation.Lookup(tokens))
          .withMessageStartingWith(
              "a draft of " + tokens + " tokens is not possible, it must have 1 to 5");
    }
  }
}
