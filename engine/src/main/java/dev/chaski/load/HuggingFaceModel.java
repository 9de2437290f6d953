package dev.chaski.load;

import dev.chaski.format.FileAccess;
import dev.chaski.format.JsonObject;
import dev.chaski.format.ModelFormatException;
import dev.chaski.format.UnsupportedModelException;
import dev.chaski.model.LlamaConfig;
import dev.chaski.safetensors.SafetensorsCheckpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Everything a Hugging Face checkpoint says, read and checked but not yet connected to kernels: for
 * {@link HuggingFaceLoader}, and for those who write the model in another format. Owns the mapped
 * files.
 *
 * @param name what the model is called, if that can be told from where it lies
 * @param config numbers of the model
 * @param quantization who quantised it, if anybody did
 * @param checkpoint the mapped files
 * @param weights weights in them
 * @param tokenizerFile the file with the vocabulary
 * @param tokenizer made of it, with the roles of tokens
 * @param mainStop of the stop tokens the one that comes first
 * @param chatTemplates Jinja sources by name
 * @param sampling how the author samples
 */
public record HuggingFaceModel(
    Optional<String> name,
    LlamaConfig config,
    Optional<String> quantization,
    SafetensorsCheckpoint checkpoint,
    StoredWeights weights,
    Path tokenizerFile,
    LoadedTokenizer tokenizer,
    OptionalInt mainStop,
    Map<String, String> chatTemplates,
    DefaultSampling sampling)
    implements AutoCloseable {

  /** Copies the templates. */
  public HuggingFaceModel {
    chatTemplates = Collections.unmodifiableMap(new LinkedHashMap<>(chatTemplates));
  }

  /** As {@link #open(Path, FileAccess)}, mapped. */
  public static HuggingFaceModel open(Path path) throws IOException {
    return open(path, FileAccess.MAPPED);
  }

  /**
   * Opens a checkpoint and checks all of it; of the weights only norms and scales are read.
   *
   * @param path the folder, or a safetensors file in it
   * @param access of the files with weights
   * @throws ModelFormatException if a file is broken, missing, or contradicts the others
   * @throws UnsupportedModelException if it is another architecture, or stored in a way we do not
   *     read
   * @throws IOException if a file cannot be read
   */
  public static HuggingFaceModel open(Path path, FileAccess access) throws IOException {
    HfFolder folder = HfFolder.of(path);
    JsonObject json = folder.require("config.json");
    HfConfig configReader = new HfConfig(json);
    LlamaConfig config = configReader.read();
    HfQuantization quantization = HfQuantization.read(json);
    Optional<JsonObject> tokenizerConfig = folder.findJson("tokenizer_config.json");
    Optional<JsonObject> generationConfig = folder.findJson("generation_config.json");
    DefaultSampling sampling =
        generationConfig.isPresent()
            ? HfGeneration.read(generationConfig.get())
            : DefaultSampling.none();
    Path tokenizerFile = folder.requireFile("tokenizer.json");
    HfTokenizer tokenizerReader =
        new HfTokenizer(tokenizerFile, json, tokenizerConfig, generationConfig, config.vocabSize());
    LoadedTokenizer tokenizer = tokenizerReader.read();
    OptionalInt mainStop = tokenizerReader.mainStop(tokenizer.tokenizer());
    Map<String, String> chatTemplates = HfChatTemplates.read(folder, tokenizerConfig);
    SafetensorsCheckpoint checkpoint = SafetensorsCheckpoint.open(folder.weights(), access);
    try {
      HfTensors tensors = new HfTensors(folder, checkpoint, quantization);
      StoredWeights weights = new HfWeights(tensors, config, configReader.isTied()).read();
      return new HuggingFaceModel(
          folder.name(),
          config,
          quantization.method(),
          checkpoint,
          weights,
          tokenizerFile,
          tokenizer,
          mainStop,
          chatTemplates,
          sampling);
    } catch (Throwable e) {
      checkpoint.close();
      throw e;
    }
  }

  /** Unmaps the files. */
  @Override
  public void close() {
    checkpoint.close();
  }
}
