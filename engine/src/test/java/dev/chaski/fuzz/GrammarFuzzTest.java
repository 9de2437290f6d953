package dev.chaski.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.chaski.grammar.Grammar;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** A grammar in GBNF from a stranger, made ready and followed. */
class GrammarFuzzTest {
  static List<byte[]> seeds() {
    return Stream.of(
            "root ::= \"yes\" | \"no\"",
            "root ::= item (\",\" ws item)*\nitem ::= [a-zA-Z0-9_]+ # word\nws ::= [ \\t\\n]?",
            "root ::= (\"a\"{2,3} | [^x-z\\x00-\\x1f]{0,5}) \"\\u00e9\" .",
            "root ::= expr\nexpr ::= term ([-+*/] term)*\nterm ::= \"(\" expr \")\" | [0-9]+",
            "root ::= root \"a\" | \"b\"")
        .map(Hostile::bytes)
        .toList();
  }

  @MethodSource("seeds")
  @FuzzTest
  void grammarIsFollowedOrRefused(byte[] data) throws Exception {
    Hostile.use(() -> Answers.write(Grammar.gbnf(Hostile.text(data))));
  }
}
