package dev.chaski.load;

import dev.chaski.format.Excerpt;
import dev.chaski.format.JsonObject;
import dev.chaski.format.UnsupportedModelException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code config.json} says about quantisation. Which layers are quantised, and how finely, is
 * not asked here: each tensor carries its own type and scales. So lists of layers to leave out,
 * names and patterns, are never looked at; all this class does is refuse what is not FP8, and find
 * out how large blocks are.
 *
 * @param method who wrote the weights, empty if they are not quantised
 * @param blocks sizes that blocks with a scale of their own may have
 */
record HfQuantization(Optional<String> method, List<Block> blocks) {
  /** Rows and columns that share a scale. */
  record Block(int rows, int columns) {}

  /** What all known writers use, for those that do not say. */
  private static final Block USUAL = new Block(128, 128);

  private static final String COMPRESSED_TENSORS = "compressed-tensors";

  private static final String SUPPORTED =
      "; supported are weights in BF16, F16 and F32, and in FP8 (E4M3) as written by"
          + " compressed-tensors, AutoFP8 ('fp8') and fbgemm ('fbgemm_fp8')";

  /** Ways of compressed-tensors to store an FP8 model: FP8 tensors beside their scales. */
  private static final Set<String> FLOAT_FORMATS =
      Set.of("float-quantized", "naive-quantized", "dense", "mixed-precision");

  static HfQuantization read(JsonObject config) throws IOException {
    Optional<JsonObject> current = config.findObject("quantization_config");
    Optional<JsonObject> legacy = config.findObject("compression_config");
    if (current.isEmpty() && legacy.isEmpty()) {
      return new HfQuantization(Optional.empty(), List.of(USUAL));
    }
    JsonObject quantization = current.or(() -> legacy).orElseThrow();
    String method =
        quantization
            .findString("quant_method")
            .orElse(current.isPresent() ? "not named" : COMPRESSED_TENSORS);
    Set<Block> blocks = new LinkedHashSet<>();
    switch (method) {
      case COMPRESSED_TENSORS -> readCompressedTensors(quantization, blocks);
      case "fp8" -> readFp8(quantization, blocks);
      case "fbgemm_fp8" -> {}
      default -> throw unsupported(config, "the quantisation method is " + Excerpt.quoted(method));
    }
    blocks.add(USUAL);
    return new HfQuantization(Optional.of(method), List.copyOf(blocks));
  }

  /** The key {@code quantization_config} of compressed-tensors. */
  private static void readCompressedTensors(JsonObject quantization, Set<Block> blocks)
      throws IOException {
    checkFormat(quantization);
    Optional<JsonObject> sparsity = quantization.findObject("sparsity_config");
    if (sparsity.isPresent()
        && !sparsity.get().findString("format").orElse("dense").equals("dense")) {
      throw unsupported(quantization, "the weights are stored as sparse matrices");
    }
    Optional<JsonObject> groups = quantization.findObject("config_groups");
    if (groups.isEmpty()) {
      return;
    }
    for (String name : groups.get().keys()) {
      JsonObject group = groups.get().getObject(name);
      checkFormat(group);
      Optional<JsonObject> weights = group.findObject("weights");
      if (weights.isPresent()) {
        readWeights(weights.get(), blocks);
      }
    }
  }

  private static void checkFormat(JsonObject object) throws IOException {
    Optional<String> format = object.findString("format");
    if (format.isPresent() && !FLOAT_FORMATS.contains(format.get())) {
      throw unsupported(
          object, "the weights are stored in the format " + Excerpt.quoted(format.get()));
    }
  }

  private static void readWeights(JsonObject weights, Set<Block> blocks) throws IOException {
    int bits = weights.findInt("num_bits").orElse(8);
    String type = weights.findString("type").orElse("int");
    if (bits != 8 || !type.equals("float")) {
      throw unsupported(
          weights, "the weights are of type " + Excerpt.quoted(type) + " with " + bits + " bits");
    }
    if (weights.isString("block_structure")) { // as early versions wrote it: "128x128"
      addBlock(weights, "block_structure", sizes(weights.getString("block_structure")), blocks);
    } else {
      addBlock(weights, "block_structure", weights.findInts("block_structure"), blocks);
    }
  }

  private static List<Integer> sizes(String text) {
    List<Integer> sizes = new ArrayList<>();
    if (text.matches("\\d{1,6}x\\d{1,6}")) {
      int x = text.indexOf('x');
      sizes.add(Integer.parseInt(text.substring(0, x)));
      sizes.add(Integer.parseInt(text.substring(x + 1)));
    }
    return sizes;
  }

  private static void readFp8(JsonObject quantization, Set<Block> blocks) throws IOException {
    String format = quantization.findString("fmt").orElse("e4m3");
    if (!format.equals("e4m3")) {
      throw unsupported(quantization, "the weights are FP8 of kind " + Excerpt.quoted(format));
    }
    addBlock(quantization, "weight_block_size", quantization.findInts("weight_block_size"), blocks);
  }

  private static void addBlock(
      JsonObject object, String key, List<Integer> sizes, Set<Block> blocks) throws IOException {
    if (!object.contains(key)) {
      return;
    }
    if (sizes.size() != 2 || sizes.get(0) < 1 || sizes.get(1) < 1) {
      throw object.fault(key, "is " + sizes + "; expected two positive numbers, rows and columns");
    }
    blocks.add(new Block(sizes.get(0), sizes.get(1)));
  }

  private static UnsupportedModelException unsupported(JsonObject object, String reason) {
    return new UnsupportedModelException(object.path(), reason + SUPPORTED);
  }
}
