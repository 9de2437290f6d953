package dev.chaski.benchmarks;

/**
 * Rows and columns of a weight.
 *
 * @param rows values that come out
 * @param columns values that go in
 */
record MatrixShape(int rows, int columns) {
  /**
   * From a model's shape and the matrix in it, {@code 8b.gate}, or from numbers, {@code 2048x8192}.
   */
  static MatrixShape parse(String text) {
    int dot = text.indexOf('.');
    if (dot >= 0) {
      return named(ModelShape.named(text.substring(0, dot)), text.substring(dot + 1));
    }
    String[] numbers = text.split("x", -1);
    if (numbers.length != 2) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a matrix; it is written 2048x8192 or 1b.gate");
    }
    return new MatrixShape(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
  }

  private static MatrixShape named(ModelShape shape, String name) {
    int query = shape.numHeads * shape.headDim;
    return switch (name) {
      case "q" -> new MatrixShape(query, shape.hiddenSize);
      case "k", "v" -> new MatrixShape(shape.numKvHeads * shape.headDim, shape.hiddenSize);
      case "o" -> new MatrixShape(shape.hiddenSize, query);
      case "gate", "up" -> new MatrixShape(shape.intermediateSize, shape.hiddenSize);
      case "down" -> new MatrixShape(shape.hiddenSize, shape.intermediateSize);
      case "output" -> new MatrixShape(shape.vocabSize, shape.hiddenSize);
      default ->
          throw new IllegalArgumentException(
              "no matrix called '" + name + "'; there are q, k, v, o, gate, up, down and output");
    };
  }

  long values() {
    return (long) rows * columns;
  }
}
