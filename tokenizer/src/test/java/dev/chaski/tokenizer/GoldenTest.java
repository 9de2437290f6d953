package dev.chaski.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
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
      ReferenceBpe reference = new ReferenceBpe(Vocabularies.criaVocabulary());
      assertThat(rows)
          .filteredOn(row -> !row.special())
          .allSatisfy(row -> assertThat(reference.encode(row.text())).isEqualTo(row.idArray()));
    }
  }

  @Test
  void criaAgreesWithTheReferenceOnNastyTexts() {
    BpeTokenizer cria = Vocabularies.cria();
    ReferenceBpe reference = new ReferenceBpe(Vocabularies.criaVocabulary());
    Random random = new Random(12);
    for (int i = 0; i < 3_000; i++) {
      String text = NastyText.of(random, 30);
      assertThat(cria.encode(text)).as(text).isEqualTo(reference.encode(text));
    }
  }

  @Test
  void llamaRows() throws IOException {
    Path tokenizer = SharedFiles.require("models/llama-3.1-tokenizer/tokenizer.json");
    Path rows = SharedFiles.require("vectors/tokenizer/public.jsonl");
    check(TokenizerJson.read(tokenizer), GoldenRow.parse(Files.readString(rows)));
  }

  @Test
  void referenceCheckpoints() throws IOException {
    Path checkpoints = SharedFiles.require("vectors/hf");
    List<Path> folders;
    try (Stream<Path> list = Files.list(checkpoints)) {
      folders = list.filter(Files::isDirectory).toList();
    }
    assertThat(folders).isNotEmpty();
    for (Path folder : folders) {
      BpeTokenizer tokenizer = TokenizerJson.read(folder.resolve("tokenizer.json"));
      List<GoldenRow> rows =
          GoldenRow.parsePrompts(Files.readString(folder.resolve("expected.json")));
      assertThat(rows).as("%s", folder).isNotEmpty();
      check(tokenizer, rows);
    }
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
