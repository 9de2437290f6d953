package dev.chaski.cli.bench;

/** Writes rows one by one, as they come. Every text it answers is to be printed as it is. */
public interface BenchReport {
  /** What comes before this row, and the row. */
  String row(BenchRow row);

  /** What comes after the last row. */
  String end();
}
