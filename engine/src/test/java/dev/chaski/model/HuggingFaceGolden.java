package dev.chaski.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A tiny checkpoint with what a float64 reference computed from its exactly decoded weights; the
 * format is in the vectors' README.
 */
record HuggingFaceGolden(Path folder, List<Prompt> prompts) {
  /** A prompt with its ids, logits at some positions, and greedy continuation. */
  record Prompt(
      String text,
      int[] ids,
      int[] positions,
      float[][] logits,
      int[] greedy,
      double[] greedyMargin) {}

  @Override
  public String toString() {
    return folder.getFileName().toString();
  }

  /** Every checkpoint in a folder. */
  static List<HuggingFaceGolden> all(Path folder) throws IOException {
    List<HuggingFaceGolden> goldens = new ArrayList<>();
    try (Stream<Path> folders = Files.list(folder)) {
      for (Path checkpoint : folders.sorted().toList()) {
        goldens.add(read(checkpoint));
      }
    }
    return goldens;
  }

  /** The checkpoint in this folder. */
  static HuggingFaceGolden read(Path folder) throws IOException {
    JsonNode root =
        JsonMapper.shared().readTree(Files.readAllBytes(folder.resolve("expected.json")));
    byte[] bin = Files.readAllBytes(folder.resolve(root.get("bin").asString()));
    List<Prompt> prompts = new ArrayList<>();
    for (JsonNode prompt : root.get("prompts")) {
      JsonNode greedy = prompt.get("greedy").get("weight_only");
      prompts.add(
          new Prompt(
              prompt.get("text").asString(),
              LogitsGolden.ints(prompt.get("ids")),
              LogitsGolden.ints(prompt.get("positions")),
              LogitsGolden.rows(bin, prompt.get("logits").get("weight_only")),
              LogitsGolden.ints(greedy.get("ids")),
              LogitsGolden.doubles(greedy.get("margin"))));
    }
    return new HuggingFaceGolden(folder, prompts);
  }
}
