package dev.chaski.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FormatArgumentsTest {
  private static final String SCHEMA =
      "{\"type\": \"object\", \"properties\": {\"city\": {\"enum\": [\"Lima\", \"Paris\"]}},"
          + " \"required\": [\"city\"]}";

  @TempDir private Path folder;

  private static CommandRun run(String... format) {
    String[] args = {"run", "-q", "-p", "What is the capital of Peru?", "--temp", "0"};
    String[] all = java.util.Arrays.copyOf(args, args.length + format.length);
    System.arraycopy(format, 0, all, args.length, format.length);
    return CommandRun.of(all);
  }

  private String file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content).toString();
  }

  @Test
  void schemaIsGivenInAFileOrAtOnce() throws IOException {
    String city = "\\{\\s*\"city\": ?\"(Lima|Paris)\"\\s*}\n";
    assertThat(run("--json-schema", SCHEMA).out()).matches(city);
    assertThat(run("--json-schema", file("schema.json", SCHEMA)).out()).matches(city);
  }

  @Test
  void grammarIsKeptTo() throws IOException {
    assertThat(run("--grammar", file("a.gbnf", "root ::= \"yes\" | \"no\"")).out())
        .matches("(yes|no)\n");
  }

  @Test
  void jsonIsAnObject() {
    assertThat(run("--json", "-n", "60").out()).startsWith("{");
  }

  @Test
  void chatKeepsToItAsWell() {
    CommandRun run =
        CommandRun.withInput(
            "What is the capital of Peru?\nAnd of France?\n",
            "chat",
            "-q",
            "--temp",
            "0",
            "--json-schema",
            "{\"enum\": [1, 2]}");
    assertThat(run.out()).matches("[12]\n[12]\n");
  }

  @Test
  void faultsAreToldInALine() throws IOException {
    CommandRun schema = run("--json-schema", "{\"type\": \"text\"}");
    assertThat(schema.err()).contains("\"type\" is \"text\", which is no type");
    assertThat(schema.status()).isEqualTo(ExitStatus.USAGE);

    String broken = file("broken.gbnf", "root ::= (");
    CommandRun grammar = run("--grammar", broken);
    assertThat(grammar.err()).startsWith("chaski: " + broken + ": grammar, line 1, column 11: ");
    assertThat(grammar.status()).isEqualTo(ExitStatus.FAILURE);

    assertThat(run("--grammar", folder.resolve("none").toString()).err())
        .contains("there is no such file");
    assertThat(run("--json", "--json-schema", "{}").status()).isEqualTo(ExitStatus.USAGE);
    assertThat(run("--json", "--ignore-eos").err()).contains("--ignore-eos does not go with");
  }
}
