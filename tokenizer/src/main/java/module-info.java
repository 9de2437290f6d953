/** Text to token ids and back, for the Llama 3 family. Depends on nothing else of Chaski. */
module dev.chaski.tokenizer {
  requires tools.jackson.core;

  exports dev.chaski.tokenizer;
}
