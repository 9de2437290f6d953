package dev.chaski.cli.bench;

/** An array of objects. */
final class JsonReport implements BenchReport {
  private boolean hasRows;

  @Override
  public String row(BenchRow row) {
    String before = hasRows ? ",\n  " : "[\n  ";
    hasRows = true;
    return before + JsonLinesReport.object(row.fields());
  }

  @Override
  public String end() {
    return hasRows ? "\n]\n" : "[]\n";
  }
}
