package dev.chaski.cli;

import dev.chaski.Chaski;
import dev.chaski.generate.GenerationOptions;
import dev.chaski.generate.Speculation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Options that say how tokens are guessed ahead. */
final class SpeculationArguments {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec mixee;

  @ArgGroup private Choice choice;

  @Option(
      names = {"--draft", "--draft-max"},
      paramLabel = "N",
      description = "Tokens guessed at a time, 1 to 5. Default: 4.")
  private Integer tokens;

  /** One of them at most. */
  private static final class Choice {
    @Option(
        names = "--speculative",
        paramLabel = "lookup",
        converter = LookupName.class,
        description =
            "Guess tokens ahead where the text repeats itself: the same answer, maybe sooner.")
    private String lookup;

    @Option(
        names = {"-md", "--draft-model", "--model-draft"},
        paramLabel = "PATH",
        description =
            "Let this smaller model of the same family guess ahead: the same answer, maybe sooner.")
    private Path draftModel;
  }

  /** There may be other ways some day. */
  static final class LookupName implements ITypeConverter<String> {
    @Override
    public String convert(String value) {
      if (!value.equals("lookup")) {
        throw new TypeConversionException("'" + value + "' is not lookup");
      }
      return value;
    }
  }

  /** What guesses; to be closed before the model it guesses for. */
  record Drafting(Speculation speculation, Optional<Chaski> draftModel) implements AutoCloseable {
    GenerationOptions applyTo(GenerationOptions options) {
      return options.withSpeculation(speculation);
    }

    @Override
    public void close() {
      draftModel.ifPresent(Chaski::close);
    }
  }

  /**
   * Refuses what does not go together, before a model is opened.
   *
   * @throws ParameterException if there is something
   */
  void check() {
    if (choice == null && tokens != null) {
      throw new ParameterException(
          mixee.commandLine(), "--draft needs --speculative lookup or a --draft-model");
    }
    lookup();
  }

  private Speculation lookup() {
    try {
      return new Speculation.Lookup(draftTokens());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(mixee.commandLine(), "--draft: " + e.getMessage(), e);
    }
  }

  private int draftTokens() {
    return tokens == null ? Speculation.DEFAULT_TOKENS : tokens;
  }

  /** Makes ready what guesses for a model. */
  Drafting open(Chaski chaski) throws IOException {
    if (choice == null) {
      return new Drafting(Speculation.none(), Optional.empty());
    }
    if (choice.lookup != null) {
      return new Drafting(lookup(), Optional.empty());
    }
    Chaski draft = chaski.openBeside(choice.draftModel);
    try {
      return new Drafting(draft.asDraft(draftTokens()), Optional.of(draft));
    } catch (Throwable e) {
      draft.close();
      throw e;
    }
  }
}
