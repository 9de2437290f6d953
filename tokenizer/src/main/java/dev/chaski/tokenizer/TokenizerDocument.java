package dev.chaski.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The parts of a {@code tokenizer.json} that matter, and what they must say. */
final class TokenizerDocument {
  private static final String NO_SUCH_PRE_TOKENIZER =
      "; expected a Sequence of Split (the Llama 3 pattern, Isolated) and ByteLevel (no prefix"
          + " space, no pattern of its own)";

  private static final int MAX_QUOTED = 400;
  private static final int NONE = -1;

  private final Spellings.Builder names = new Spellings.Builder(); // those of the vocabulary first
  private final Spellings.Builder merges = new Spellings.Builder();
  private final List<AddedToken> addedTokens = new ArrayList<>();
  private int[] ids = new int[1024]; // of names
  private int maxId = -1;
  private Object modelType;
  private Object ignoreMerges = false;
  private Object preTokenizer;

  private record AddedToken(int id, String content, boolean special) {}

  void token(String name, int id) throws TokenizerFormatException {
    checkId(id, "model.vocab", name);
    if (names.size() == TokenTable.MAX_TOKENS) {
      throw new TokenizerFormatException(
          "model.vocab", "more than %,d tokens".formatted(TokenTable.MAX_TOKENS));
    }
    if (names.size() == ids.length) {
      ids = Arrays.copyOf(ids, 2 * ids.length);
    }
    ids[names.size()] = id;
    names.add(name);
  }

  private void checkId(int id, String where, String name) throws TokenizerFormatException {
    if (id < 0 || id >= TokenTable.MAX_TOKENS) {
      throw new TokenizerFormatException(
          where,
          "id of \"%s\" is %d; expected 0 to %d"
              .formatted(abridged(name), id, TokenTable.MAX_TOKENS - 1));
    }
    maxId = Math.max(maxId, id);
  }

  void merge(String merge) throws TokenizerFormatException {
    if (merges.size() == MergeTable.MAX_MERGES) {
      throw new TokenizerFormatException(
          "model.merges", "more than %,d of them".formatted(MergeTable.MAX_MERGES));
    }
    merges.add(merge);
  }

  void addedToken(int index, Object tree) throws TokenizerFormatException {
    String where = "added_tokens[" + index + "]";
    if (!(tree instanceof Map<?, ?> token
        && token.get("id") instanceof Integer id
        && token.get("content") instanceof String content)) {
      throw new TokenizerFormatException(
          where,
          "found " + abridged(tree) + "; expected an object with an \"id\" and a \"content\"");
    }
    checkId(id, where, content);
    for (String flag : List.of("lstrip", "rstrip", "single_word")) {
      if (Boolean.TRUE.equals(token.get(flag))) {
        throw new TokenizerFormatException(
            where,
            "token \"%s\" has %s = true, which is not supported; expected false"
                .formatted(abridged(content), flag));
      }
    }
    addedTokens.add(new AddedToken(id, content, Boolean.TRUE.equals(token.get("special"))));
  }

  void modelSetting(String name, Object value) throws TokenizerFormatException {
    switch (name) {
      case "type" -> modelType = value;
      case "ignore_merges" -> ignoreMerges = value;
      case "byte_fallback" -> requireNone("model.byte_fallback", value, false);
      case "dropout" -> requireNone("model.dropout", value, 0);
      case "continuing_subword_prefix", "end_of_word_suffix" ->
          requireNone("model." + name, value, "");
      default -> {} // unk_token and fuse_unk have no effect where every byte has a token
    }
  }

  void normalizer(Object tree) throws TokenizerFormatException {
    requireNone("normalizer", tree, List.of());
  }

  void preTokenizer(Object tree) {
    preTokenizer = tree;
  }

  void decoder(Object tree) throws TokenizerFormatException {
    if (tree != null && !"ByteLevel".equals(setting(tree, "type"))) {
      throw new TokenizerFormatException(
          "decoder", "found " + abridged(tree) + "; expected ByteLevel");
    }
  }

  private static void requireNone(String where, Object value, Object none)
      throws TokenizerFormatException {
    boolean isNone =
        value == null
            || value.equals(none)
            || (value instanceof Number number
                && none instanceof Integer
                && number.doubleValue() == 0);
    if (!isNone) {
      throw new TokenizerFormatException(
          where, "found " + abridged(value) + ", which is not supported; expected null");
    }
  }

  private static Object setting(Object tree, String name) {
    return tree instanceof Map<?, ?> object ? object.get(name) : null;
  }

  private void checkPreTokenizer() throws TokenizerFormatException {
    List<?> parts =
        "Sequence".equals(setting(preTokenizer, "type"))
                && setting(preTokenizer, "pretokenizers") instanceof List<?> list
            ? list
            : List.of();
    if (parts.size() != 2
        || !"Split".equals(setting(parts.get(0), "type"))
        || !"Isolated".equals(setting(parts.get(0), "behavior"))
        || Boolean.TRUE.equals(setting(parts.get(0), "invert"))
        || !"ByteLevel".equals(setting(parts.get(1), "type"))
        || !Boolean.FALSE.equals(setting(parts.get(1), "add_prefix_space"))
        || !Boolean.FALSE.equals(setting(parts.get(1), "use_regex"))) {
      throw new TokenizerFormatException(
          "pre_tokenizer", "found " + abridged(preTokenizer) + NO_SUCH_PRE_TOKENIZER);
    }
    Object pattern = setting(setting(parts.get(0), "pattern"), "Regex");
    if (!PreTokenizer.PATTERN.equals(pattern)) {
      throw new TokenizerFormatException(
          "pre_tokenizer",
          "found the split pattern "
              + abridged(pattern == null ? setting(parts.get(0), "pattern") : pattern)
              + "; expected that of Llama 3, "
              + PreTokenizer.PATTERN);
    }
  }

  /** All of the document, checked but for what {@link BpeTokenizer#of} checks. */
  BpeVocabulary toVocabulary() throws TokenizerFormatException {
    if (!"BPE".equals(modelType)) {
      throw new TokenizerFormatException(
          "model.type",
          "found "
              + (modelType == null ? "none" : abridged(modelType))
              + ", which is not supported; expected BPE");
    }
    if (!(ignoreMerges instanceof Boolean ignore)) {
      throw new TokenizerFormatException(
          "model.ignore_merges", "found " + abridged(ignoreMerges) + "; expected true or false");
    }
    checkPreTokenizer();
    int numNames = names.size();
    for (AddedToken token : addedTokens) {
      names.add(token.content());
    }
    Spellings spellings = names.build();
    int vocabSize = maxId + 1;
    int[] places = new int[vocabSize]; // of each id among the names
    Arrays.fill(places, NONE);
    TokenType[] types = new TokenType[vocabSize];
    Arrays.fill(types, TokenType.NORMAL);
    for (int i = 0; i < numNames; i++) {
      place(spellings, i, ids[i], places, "model.vocab");
    }
    for (int i = 0; i < addedTokens.size(); i++) {
      AddedToken token = addedTokens.get(i);
      place(spellings, numNames + i, token.id(), places, "added_tokens[" + i + "]");
      types[token.id()] = token.special() ? TokenType.CONTROL : TokenType.USER_DEFINED;
    }
    for (int id = 0; id < vocabSize; id++) {
      if (places[id] == NONE) {
        throw new TokenizerFormatException(
            "model.vocab",
            "no token has the id %d, but the largest id is %d; expected ids without gaps"
                .formatted(id, vocabSize - 1));
      }
    }
    return new BpeVocabulary(
        spellings.inOrder(places), Arrays.asList(types), merges.build(), ignore);
  }

  private static void place(Spellings names, int index, int id, int[] places, String where)
      throws TokenizerFormatException {
    if (places[id] != NONE && !names.areEqual(places[id], index)) {
      throw new TokenizerFormatException(
          where,
          "tokens \"%s\" and \"%s\" both have the id %d; expected one token for each id"
              .formatted(abridged(names.get(places[id])), abridged(names.get(index)), id));
    }
    places[id] = index;
  }

  /** What a document says, short enough for an error message. */
  static String abridged(Object value) {
    String text = String.valueOf(value);
    return text.length() <= MAX_QUOTED ? text : text.substring(0, MAX_QUOTED) + "…";
  }
}
