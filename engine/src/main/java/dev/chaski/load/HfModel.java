package dev.chaski.load;

import dev.chaski.format.JsonObject;
import dev.chaski.model.LlamaConfig;
import dev.chaski.safetensors.SafetensorsCheckpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Everything a checkpoint says, read and checked: what a {@link LlamaConfig} and kernels make a
 * model of, and what can be written in another format. Whoever opens it closes {@link #checkpoint}.
 *
 * @param folder where it is
 * @param config numbers of the model
 * @param quantization how weights are stored
 * @param checkpoint the mapped files
 * @param weights weights in them
 * @param tokenizer with the roles of tokens
 * @param mainStop the stop token that comes first
 * @param chatTemplates by name
 * @param sampling what {@code generation_config.json} wants
 */
record HfModel(
    HfFolder folder,
    LlamaConfig config,
    HfQuantization quantization,
    SafetensorsCheckpoint checkpoint,
    StoredWeights weights,
    LoadedTokenizer tokenizer,
    OptionalInt mainStop,
    Map<String, String> chatTemplates,
    DefaultSampling sampling) {

  /** The file with the vocabulary. */
  static final String TOKENIZER = "tokenizer.json";

  /** What stands in small files is checked before the weights are looked at. */
  static HfModel open(Path path) throws IOException {
    HfFolder folder = HfFolder.of(path);
    JsonObject json = folder.require("config.json");
    HfConfig reader = new HfConfig(json);
    LlamaConfig config = reader.read();
    HfQuantization quantization = HfQuantization.read(json);
    Optional<JsonObject> tokenizerConfig = folder.findJson("tokenizer_config.json");
    Optional<JsonObject> generationConfig = folder.findJson("generation_config.json");
    Map<String, String> chatTemplates = HfChatTemplates.read(folder, tokenizerConfig);
    DefaultSampling sampling =
        generationConfig.isPresent()
            ? HfGeneration.read(generationConfig.get())
            : DefaultSampling.none();
    HfTokenizer tokenizerReader =
        new HfTokenizer(
            folder.requireFile(TOKENIZER),
            json,
            tokenizerConfig,
            generationConfig,
            config.vocabSize());
    LoadedTokenizer tokenizer = tokenizerReader.read();
    OptionalInt mainStop = tokenizerReader.mainStop(tokenizer.tokenizer());
    SafetensorsCheckpoint checkpoint = SafetensorsCheckpoint.open(folder.weights());
    try {
      HfTensors tensors = new HfTensors(folder, checkpoint, quantization);
      StoredWeights weights = new HfWeights(tensors, config, reader.isTied()).read();
      return new HfModel(
          folder,
          config,
          quantization,
          checkpoint,
          weights,
          tokenizer,
          mainStop,
          chatTemplates,
          sampling);
    } catch (Throwable e) {
      checkpoint.close();
      throw e;
    }
  }
}
