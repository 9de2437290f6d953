/**
 * Text to token ids and back: byte-level BPE with the Llama 3 split pattern.
 *
 * <p>Start reading at {@link dev.chaski.tokenizer.BpeTokenizer}, whose {@code encode} is the whole
 * way of a text: UTF-8 bytes, added tokens, pre-tokens, vocabulary, merges. It is made from a
 * {@link dev.chaski.tokenizer.BpeVocabulary}, which holds what a GGUF file or a {@code
 * tokenizer.json} says; {@link dev.chaski.tokenizer.TokenizerJson} reads the latter and is the only
 * class here that may import Jackson. {@link dev.chaski.tokenizer.StreamDecoder} turns a stream of
 * ids back into text without ever showing half a character. The package imports nothing else of
 * Chaski.
 */
package dev.chaski.tokenizer;
