package dev.chaski.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ids that other implementations give. */
class GoldenTest {
  @Test
  void criaRows() throws IOException {
    BpeTokenizer cria = Vocabularies.cria();
    try (InputStream in = GoldenTest.class.getResourceAsStream("cria-golden.jsonl")) {
      List<GoldenRow> rows = GoldenRow.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      assertThat(rows).hasSize(34);
      check(cria, rows);
    }
  }

  @Test
  void llamaRows() throws IOException {
    Path tokenizer = SharedFiles.require("models/llama-3.1-tokenizer/tokenizer.json");
    Path rows = SharedFiles.require("vectors/tokenizer/public.jsonl");
    check(TokenizerJson.read(tokenizer), GoldenRow.parse(Files.readString(rows)));
  }

  private static void check(BpeTokenizer tokenizer, List<GoldenRow> rows) {
    for (GoldenRow row : rows) {
      int[] ids = tokenizer.encode(row.text(), row.mode());
      assertThat(ids).as("%s", row).isEqualTo(row.idArray());
      assertThat(tokenizer.decode(ids)).as("%s", row).isEqualTo(row.text());
      StreamDecoder stream = StreamDecoder.of(tokenizer);
      StringBuilder pieces = new StringBuilder();
      for (int id : ids) {
        pieces.append(stream.accept(id));
      }
      assertThat(pieces.append(stream.finish())).as("%s", row).hasToString(row.text());
    }
  }
}
