/** Model files to generated text: the embeddable library. */
module dev.chaski.engine {
  requires transitive dev.chaski.kernels;
  requires transitive dev.chaski.tokenizer;
  requires java.management;
  requires jdk.management;
  requires tools.jackson.core;

  exports dev.chaski;
  exports dev.chaski.chat;
  exports dev.chaski.convert;
  exports dev.chaski.format;
  exports dev.chaski.generate;
  exports dev.chaski.gguf;
  exports dev.chaski.load;
  exports dev.chaski.model;
  exports dev.chaski.safetensors;
  exports dev.chaski.sample;
}
