package dev.chaski.cli.bench;

/** How the rows of {@code chaski bench} are written. */
public enum BenchFormat {
  /** A table for people, as llama-bench prints it. */
  MD,
  /** A line of names, then a line for each row. */
  CSV,
  /** One array of objects. */
  JSON,
  /** An object on each line. */
  JSONL;

  /** Starts a report. */
  public BenchReport open() {
    return switch (this) {
      case MD -> new MarkdownReport();
      case CSV -> new CsvReport();
      case JSON -> new JsonReport();
      case JSONL -> new JsonLinesReport();
    };
  }
}
