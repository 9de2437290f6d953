package dev.chaski.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SamplingOptionsTest {

  @Test
  void defaultsAreThoseOfLlamaCpp() {
    assertThat(SamplingOptions.defaults())
        .isEqualTo(
            new SamplingOptions(
                0.8f, 40, 0.95f, 0.05f, 1, 0, 0, 64, Map.of(), OptionalLong.empty()));
    assertThat(SamplingOptions.defaults().isGreedy()).isFalse();
    assertThat(SamplingOptions.defaults().hasPenalties()).isFalse();
    assertThat(SamplingOptions.greedy().isGreedy()).isTrue();
  }

  @Test
  void theBuilderSetsEveryOption() {
    SamplingOptions options =
        SamplingOptions.builder()
            .temperature(1.5f)
            .topK(7)
            .topP(0.5f)
            .minP(0.25f)
            .repetitionPenalty(1.125f)
            .presencePenalty(-1)
            .frequencyPenalty(2)
            .penaltyWindow(-1)
            .logitBias(Map.of(3, -2f))
            .seed(-9)
            .build();
    assertThat(options)
        .isEqualTo(
            new SamplingOptions(
                1.5f, 7, 0.5f, 0.25f, 1.125f, -1, 2, -1, Map.of(3, -2f), OptionalLong.of(-9)));
    assertThat(options.toBuilder().build()).isEqualTo(options);
    assertThat(options.hasPenalties()).isTrue();
    assertThat(options.toBuilder().penaltyWindow(0).build().hasPenalties()).isFalse();
  }

  @Test
  void laterChangesOfTheMapDoNotMatter() {
    Map<Integer, Float> bias = new HashMap<>(Map.of(1, 2f));
    SamplingOptions options = SamplingOptions.builder().logitBias(bias).build();
    bias.put(2, 3f);
    assertThat(options.logitBias()).containsOnlyKeys(1);
  }

  static Stream<Arguments> wrong() {
    float nan = Float.NaN;
    float infinity = Float.POSITIVE_INFINITY;
    return Stream.of(
        wrong("temperature is -0.1, ", "0 = greedy", b -> b.temperature(-0.1f)),
        wrong("temperature is NaN, ", "finite", b -> b.temperature(nan)),
        wrong("temperature is Infinity, ", "finite", b -> b.temperature(infinity)),
        wrong("topK is -1, ", "0 = off", b -> b.topK(-1)),
        wrong("topP is 1.01, ", "from 0 to 1", b -> b.topP(1.01f)),
        wrong("topP is -0.5, ", "from 0 to 1", b -> b.topP(-0.5f)),
        wrong("topP is NaN, ", "from 0 to 1", b -> b.topP(nan)),
        wrong("minP is 2.0, ", "from 0 to 1", b -> b.minP(2)),
        wrong("minP is -1.0, ", "from 0 to 1", b -> b.minP(-1)),
        wrong("minP is NaN, ", "from 0 to 1", b -> b.minP(nan)),
        wrong("repetitionPenalty is 0.0, ", "> 0", b -> b.repetitionPenalty(0)),
        wrong("repetitionPenalty is -1.0, ", "> 0", b -> b.repetitionPenalty(-1)),
        wrong("repetitionPenalty is NaN, ", "> 0", b -> b.repetitionPenalty(nan)),
        wrong("repetitionPenalty is Infinity, ", "finite", b -> b.repetitionPenalty(infinity)),
        wrong("presencePenalty is NaN, ", "finite", b -> b.presencePenalty(nan)),
        wrong("presencePenalty is Infinity, ", "finite", b -> b.presencePenalty(infinity)),
        wrong("frequencyPenalty is NaN, ", "finite", b -> b.frequencyPenalty(nan)),
        wrong("frequencyPenalty is -Infinity, ", "finite", b -> b.frequencyPenalty(-infinity)),
        wrong("penaltyWindow is -2, ", "-1 = all", b -> b.penaltyWindow(-2)),
        wrong("logitBias is -3, ", "token id >= 0", b -> b.logitBias(Map.of(-3, 1f))),
        wrong("logitBias of token 3 is NaN, ", "any number", b -> b.logitBias(Map.of(3, nan))),
        wrong("seed is null, ", "OptionalLong", b -> b.seed((OptionalLong) null)));
  }

  private static Arguments wrong(
      String value, String allowed, UnaryOperator<SamplingOptions.Builder> change) {
    return Arguments.of(value, allowed, change);
  }

  @ParameterizedTest(name = "{0}{1}")
  @MethodSource
  void wrong(
      String value, String allowed, UnaryOperator<SamplingOptions.Builder> change, TestInfo info) {
    SamplingOptions.Builder builder = change.apply(SamplingOptions.builder());
    assertThatIllegalArgumentException()
        .as(info.getDisplayName())
        .isThrownBy(builder::build)
        .withMessageStartingWith(value)
        .withMessageContaining(allowed);
  }

  @Test
  void missingMapsAndEntriesAreRefused() {
    SamplingOptions.Builder noMap = SamplingOptions.builder().logitBias(null);
    assertThatThrownBy(noMap::build).isInstanceOf(NullPointerException.class);
  }
}
