package dev.chaski.convert;

import dev.chaski.kernels.TensorType;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which type each tensor of a Llama model gets in a file of some {@link FileType}. The rules are
 * those of llama.cpp ({@code llama-quant.cpp}, without an importance matrix), so that sizes and
 * quality are what users of its files know:
 *
 * <ul>
 *   <li>Only matrices of weights are converted. Norms, biases and rotation factors stay.
 *   <li>The output matrix, or the embedding when it does the output's work, is {@code Q6_K}; in
 *       {@code Q8_0} files {@code Q8_0}; in unquantized files as the rest.
 *   <li>{@code _M}: the value and down projections of half of the blocks are {@code Q6_K}.
 *   <li>{@code Q4_K_S}: the value projections of the first four blocks and the down projections of
 *       the first eighth are {@code Q5_K}.
 *   <li>In mixes for the 70B shape, of 80 blocks and shared key and value heads, a value projection
 *       is small and multiplied by much: {@code Q5_K} instead of {@code Q4_K}.
 *   <li>Rows that are not whole blocks of 256 fall back to the next larger type of blocks of 32,
 *       and those that are not whole blocks of 32 either, to {@code F16}.
 * </ul>
 *
 * @param fileType what is wanted
 * @param layers number of blocks
 * @param sharedValueHeads whether several query heads use one value head
 * @param tied whether the embedding is the output matrix too
 */
record TensorTypeRules(FileType fileType, int layers, boolean sharedValueHeads, boolean tied) {
  private static final Pattern BLOCK_MATRIX = Pattern.compile("blk\\.(\\d{1,9})\\.(\\w+)\\.weight");
  private static final String EMBEDDING = "token_embd.weight";
  private static final String OUTPUT = "output.weight";
  private static final int LAYERS_OF_70B = 80;
  private static final int FIRST_LAYERS = 4;

  /**
   * The type a tensor gets.
   *
   * @param name as in GGUF
   * @param shape innermost first
   * @param type what it is stored as so far
   */
  TensorType typeOf(String name, List<Long> shape, TensorType type) {
    if (!isConverted(name, shape)) {
      return type;
    }
    return fitting(wanted(name), shape.getFirst());
  }

  /** The type a tensor would get if its rows were whole blocks of it. */
  TensorType wanted(String name) {
    TensorType base = fileType.tensorType();
    if (base.blockSize() == 1) {
      return base;
    }
    if (name.equals(OUTPUT) || (tied && name.equals(EMBEDDING))) {
      return base == TensorType.Q8_0 ? base : TensorType.Q6_K;
    }
    Matcher matcher = BLOCK_MATRIX.matcher(name);
    if (!matcher.matches()) {
      return base;
    }
    int layer = Integer.parseInt(matcher.group(1));
    return switch (matcher.group(2)) {
      case "attn_v" -> valueProjection(layer);
      case "ffn_down" -> downProjection(layer);
      default -> base;
    };
  }

  private static boolean isConverted(String name, List<Long> shape) {
    boolean matrix = shape.stream().skip(1).anyMatch(size -> size > 1);
    return matrix && name.endsWith("weight") && !name.endsWith("_norm.weight");
  }

  private TensorType valueProjection(int layer) {
    TensorType base = fileType.tensorType();
    TensorType type =
        switch (fileType.mix()) {
          case PLAIN -> base;
          case SMALL -> base == TensorType.Q4_K && layer < FIRST_LAYERS ? TensorType.Q5_K : base;
          case MEDIUM -> getsMoreBits(layer) ? TensorType.Q6_K : base;
        };
    boolean mixed = fileType.mix() != FileType.Mix.PLAIN;
    boolean is70B = layers == LAYERS_OF_70B && sharedValueHeads;
    return mixed && is70B && type == TensorType.Q4_K ? TensorType.Q5_K : type;
  }

  private TensorType downProjection(int layer) {
    TensorType base = fileType.tensorType();
    return switch (fileType.mix()) {
      case PLAIN -> base;
      case SMALL -> base == TensorType.Q4_K && layer < layers / 8 ? TensorType.Q5_K : base;
      case MEDIUM -> getsMoreBits(layer) ? TensorType.Q6_K : base;
    };
  }

  /** The first eighth, the last eighth, and every third block between. */
  private boolean getsMoreBits(int layer) {
    int eighth = layers / 8;
    return layer < eighth || layer >= 7 * layers / 8 || (layer - eighth) % 3 == 2;
  }

  private static TensorType fitting(TensorType type, long columns) {
    if (columns % type.blockSize() == 0) {
      return type;
    }
    TensorType smallBlocks =
        type == TensorType.Q4_K
            ? TensorType.Q5_0
            : type == TensorType.Q5_K ? TensorType.Q5_1 : TensorType.Q8_0;
    return columns % smallBlocks.blockSize() == 0 ? smallBlocks : TensorType.F16;
  }
}
