/** Text to token ids and back, for the Llama 3 family. Depends on nothing else of Chaski. */
module dev.chaski.tokenizer {
  exports dev.chaski.tokenizer;
}
