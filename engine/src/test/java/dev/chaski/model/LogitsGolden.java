package dev.chaski.model;

import dev.chaski.kernels.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One file of reference logits; the format is in the vectors' README. */
record LogitsGolden(String name, Path model, double logitRms, List<Prompt> prompts) {
  /** A prompt with what the reference computed for it. */
  record Prompt(int[] ids, int[] positions, float[][] ref64, int[] greedy, double[] greedyMargin) {}

  @Override
  public String toString() {
    return name;
  }

  /** Every golden in {@code folder} whose model is there and has only types we read. */
  static List<LogitsGolden> all(Path folder) throws IOException {
    List<LogitsGolden> goldens = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
        JsonNode root = JsonMapper.shared().readTree(Files.readAllBytes(file));
        Path model = model(folder, root.get("model").asString());
        if (Files.isRegularFile(model) && readable(root.get("tensor_types"))) {
          goldens.add(read(file, root, model));
        }
      }
    }
    return goldens;
  }

  private static Path model(Path folder, String name) {
    return name.startsWith("cria")
        ? folder.resolve("../../models/cria").resolve(name)
        : folder.resolve("../models").resolve(name);
  }

  private static boolean readable(JsonNode tensorTypes) {
    List<String> known = Arrays.stream(TensorType.values()).map(Enum::name).toList();
    return known.containsAll(tensorTypes.propertyNames());
  }

  private static LogitsGolden read(Path file, JsonNode root, Path model) throws IOException {
    byte[] bin = Files.readAllBytes(file.resolveSibling(root.get("bin").asString()));
    List<Prompt> prompts = new ArrayList<>();
    for (JsonNode prompt : root.get("prompts")) {
      prompts.add(
          new Prompt(
              ints(prompt.get("ids")),
              ints(prompt.get("positions")),
              rows(bin, prompt.get("logits").get("ref64")),
              ints(prompt.get("greedy").get("ref64")),
              doubles(prompt.get("greedy").get("ref64_margin"))));
    }
    double rms = root.get("fidelity").get("float32_numpy").get("logit_rms").asDouble();
    String name = file.getFileName().toString().replace(".json", "");
    return new LogitsGolden(name, model.normalize(), rms, prompts);
  }

  /** The floats that {@code array} describes. */
  static float[][] rows(byte[] bin, JsonNode array) {
    int rows = array.get("shape").get(0).asInt();
    int columns = array.get("shape").get(1).asInt();
    ByteBuffer bytes =
        ByteBuffer.wrap(bin).order(ByteOrder.LITTLE_ENDIAN).position(array.get("offset").asInt());
    float[][] out = new float[rows][columns];
    for (float[] row : out) {
      for (int i = 0; i < columns; i++) {
        row[i] = bytes.getFloat();
      }
    }
    return out;
  }

  /** A list of integers. */
  static int[] ints(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
  }

  /** A list of numbers. */
  static double[] doubles(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }
}
