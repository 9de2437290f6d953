package dev.chaski.tokenizer;

import java.util.List;

/**
 * What a file says about a byte-level BPE vocabulary, as it stands there: neither checked nor
 * copied. {@link BpeTokenizer#of} finds the faults and keeps nothing of it.
 *
 * @param tokens spelling of each id. {@link TokenType#NORMAL} tokens are spelled in GPT-2's byte
 *     alphabet; one with a character outside it is taken as literal text, which decodes to itself
 *     but is never produced. All other types are literal text. The same spelling twice is allowed
 *     (both ids decode, the first is produced), so is an empty one (decodes to nothing, never
 *     produced)
 * @param types type of each id, as many as {@code tokens}
 * @param merges pairs of spellings separated by one space, best first; where a pair is repeated the
 *     first counts
 * @param ignoreMerges whether a whole pre-token that is in the vocabulary is taken as it is, before
 *     any merge (true for Llama 3)
 */
public record BpeVocabulary(
    List<String> tokens, List<TokenType> types, List<String> merges, boolean ignoreMerges) {}
