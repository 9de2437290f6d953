package dev.chaski.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.Chaski;
import dev.chaski.ChatOptions;
import dev.chaski.ChatSession;
import dev.chaski.Options;
import dev.chaski.SharedFiles;
import dev.chaski.convert.GgufExporter;
import dev.chaski.generate.FinishReason;
import dev.chaski.generate.Generation;
import dev.chaski.generate.GenerationOptions;
import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KernelsChoice;
import dev.chaski.kernels.KernelsOptions;
import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.parallel.WorkerPool;
import dev.chaski.load.HuggingFaceModel;
import dev.chaski.load.LoadedModel;
import dev.chaski.load.ModelLoader;
import dev.chaski.sample.SamplingOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A model that talks, as a Hugging Face folder. */
class CriaCheckpointTest {
  /** Of the questions with a clear answer; each costs a second or so. */
  private static final int QUESTIONS = 6;

  private static final double CLEAR = 3;

  private record Question(String text, int[] prompt, String answer) {}

  @TempDir private Path temporary;

  /** Single questions to whose answers the F16 file leaves no doubt. */
  private static List<Question> questions() throws IOException {
    JsonNode eval =
        JsonMapper.shared()
            .readTree(Files.readAllBytes(SharedFiles.require("models/cria/eval.json")));
    List<Question> questions = new ArrayList<>();
    for (JsonNode row : eval.get("cases")) {
      if (row.get("min_logit_margin").asDouble() >= CLEAR && row.get("messages").size() == 1) {
        questions.add(
            new Question(
                row.get("messages").get(0).get("content").asString(),
                LogitsGolden.ints(row.get("prompt_ids")),
                row.get("answer").asString()));
      }
    }
    return questions.subList(0, QUESTIONS);
  }

  /** The published F16 file was not made of the BF16 folder, so we make one of it. */
  @Test
  void folderAndFileOfTheSameWeightsAgreeToRounding() throws IOException {
    Path folder = SharedFiles.require("models/cria-hf/bf16");
    Path file = temporary.resolve("cria-bf16.gguf");
    try (HuggingFaceModel source = HuggingFaceModel.open(folder);
        WorkerPool pool = new WorkerPool(2)) {
      new GgufExporter(pool).write(source, Optional.empty(), file, (_, _, _) -> {});
    }
    try (Kernels kernels = KernelsChoice.named("vector").provider().create(new KernelsOptions(2));
        LoadedModel expected = ModelLoader.load(folder, kernels);
        LoadedModel actual = ModelLoader.load(file, kernels)) {
      LogitsError error = new LogitsError();
      for (Question question : questions()) {
        float[][] inFolder = LogitsRun.logits(expected.model(), TensorType.F32, question.prompt());
        float[][] inFile = LogitsRun.logits(actual.model(), TensorType.F32, question.prompt());
        for (int i = 0; i < inFolder.length; i++) {
          error.add(inFolder[i], inFile[i]);
        }
      }
      assertThat(error.maxAbs()).as(error.report(1)).isLessThan(1e-4);
      assertThat(error.kl()).as(error.report(1)).isLessThan(1e-10);
    }
  }

  @Test
  void fp8TalksAsTheFileDoes() throws IOException {
    Path folder = SharedFiles.require("models/cria-hf/fp8-dynamic");
    GenerationOptions greedy =
        GenerationOptions.defaults().withSampling(SamplingOptions.greedy()).withMaxTokens(80);
    try (Chaski chaski = Chaski.open(folder, Options.defaults().withThreads(2));
        ChatSession chat = chaski.chat(new ChatOptions("", greedy))) {
      assertThat(chaski.loaded().info().format()).isEqualTo("safetensors, compressed-tensors");
      assertThat(chaski.defaultSampling())
          .isEqualTo(SamplingOptions.builder().temperature(0.6f).topP(0.9f).build());
      for (Question question : questions()) {
        chat.reset();
        Generation answer = chat.send(question.text());
        assertThat(answer.text()).as(question.text()).isEqualTo(question.answer());
        assertThat(answer.finishReason()).isEqualTo(FinishReason.STOP_TOKEN);
      }
    }
  }
}
