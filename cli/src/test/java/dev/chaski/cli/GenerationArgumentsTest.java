package dev.chaski.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaski.load.DefaultSampling;
import dev.chaski.sample.SamplingOptions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

/** Who decides how tokens are drawn. */
class GenerationArgumentsTest {
  private static final DefaultSampling AUTHOR =
      new DefaultSampling(
          Optional.of(0.25f),
          Optional.of(7),
          Optional.empty(),
          Optional.of(0.5f),
          Optional.of(1.5f));

  @Command
  private static final class AnyCommand {
    @Mixin private GenerationArguments arguments;
  }

  private static GenerationArguments parse(String... args) {
    AnyCommand command = new AnyCommand();
    new CommandLine(command).parseArgs(args);
    return command.arguments;
  }

  private static SamplingOptions sampling(DefaultSampling author, String... args) {
    return parse(args).toOptions(author).sampling();
  }

  @Test
  void theUserComesFirstThenTheAuthorThenLlama() {
    SamplingOptions usual = sampling(DefaultSampling.none());
    assertThat(usual)
        .isEqualTo(SamplingOptions.builder().temperature(0.6f).topP(0.9f).topK(40).build());
    SamplingOptions authors = sampling(AUTHOR);
    assertThat(authors)
        .isEqualTo(
            usual.toBuilder()
                .temperature(0.25f)
                .topK(7)
                .minP(0.5f)
                .repetitionPenalty(1.5f)
                .build());
    assertThat(sampling(AUTHOR, "--temp", "0.75", "--top-k", "0", "--min-p", "0"))
        .isEqualTo(authors.toBuilder().temperature(0.75f).topK(0).minP(0).build());
    assertThat(sampling(AUTHOR, "--top-p", "1", "--repeat-penalty", "1"))
        .isEqualTo(authors.toBuilder().topP(1).repetitionPenalty(1).build());
  }

  @Test
  void wrongValuesAreFoundWithoutAModel() {
    GenerationArguments arguments = parse("--top-p", "1.5");
    assertThatThrownBy(arguments::check)
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining("topP is 1.5");
  }
}
