/**
 * From a file to a model: the only classes that know how GGUF and Hugging Face name their keys and
 * tensors. Every shape and type is checked against the config before a pass can run. Imports {@code
 * format}, {@code gguf}, {@code safetensors}, {@code model}, the kernels and the tokenizer. Start
 * reading at {@link dev.chaski.load.ModelLoader}; classes named Gguf… read the one, those named Hf…
 * the other.
 */
package dev.chaski.load;
