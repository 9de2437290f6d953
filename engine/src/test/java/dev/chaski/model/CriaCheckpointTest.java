package dev.chaski.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaski.SharedFiles;
import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KernelsChoice;
import dev.chaski.kernels.KernelsOptions;
import dev.chaski.kernels.TensorType;
import dev.chaski.load.LoadedModel;
import dev.chaski.load.ModelLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CriaCheckpointTest {
  @Test
  void compare() throws IOException {
    Path gguf = SharedFiles.require("models/cria/cria-f16.gguf");
    Path folder = SharedFiles.require("models/cria-hf/bf16");
    Path fp8 = SharedFiles.require("models/cria-hf/fp8-dynamic");
    JsonNode eval =
        JsonMapper.shared()
            .readTree(Files.readAllBytes(SharedFiles.require("models/cria/eval.json")));
    try (Kernels kernels = KernelsChoice.named("vector").provider().create(new KernelsOptions(2));
        LoadedModel a = ModelLoader.load(gguf, kernels);
        LoadedModel b = ModelLoader.load(folder, kernels);
        LoadedModel c = ModelLoader.load(fp8, kernels)) {
      LogitsError e = new LogitsError(), f = new LogitsError();
      int n = 0;
      for (JsonNode x : eval.get("cases")) {
        if (n++ > 10) break;
        int[] ids = LogitsGolden.ints(x.get("prompt_ids"));
        float[][] la = LogitsRun.logits(a.model(), TensorType.F32, ids);
        float[][] lb = LogitsRun.logits(b.model(), TensorType.F32, ids);
        float[][] lc = LogitsRun.logits(c.model(), TensorType.F32, ids);
        for (int i = 0; i < ids.length; i++) {
          e.add(la[i], lb[i]);
          f.add(la[i], lc[i]);
        }
      }
      System.out.println("RESULT bf16 " + e.report(1));
      System.out.println("RESULT fp8 " + f.report(1));
      assertThat(n).isPositive();
    }
  }
}
