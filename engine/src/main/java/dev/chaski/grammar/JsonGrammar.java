package dev.chaski.grammar;

/**
 * JSON (RFC 8259) as a grammar. Narrower than JSON where that only helps: a line of white space at
 * most between tokens, so that a model cannot go on with blanks forever; numbers that a double can
 * hold; escapes that are whole characters.
 */
final class JsonGrammar {
  private static final String TEXT =
      """
      root    ::= object
      value   ::= object | array | string | number | boolean | null
      object  ::= "{" ws (member ("," ws member)* ws)? "}"
      member  ::= string ":" " "? value
      array   ::= "[" ws (value ("," ws value)* ws)? "]"
      string  ::= "\\"" char* "\\""
      char    ::= [^"\\\\\\x00-\\x1F\\x7F] | "\\\\" (["\\\\/bfnrt] | "u" unicode)
      unicode ::= [0-9A-CE-Fa-ce-f] hex{3} | [Dd] [0-7] hex{2}
                | [Dd] [89ABab] hex{2} "\\\\u" [Dd] [C-Fc-f] hex{2}
      hex     ::= [0-9A-Fa-f]
      number  ::= integer ("." [0-9]{1,15})? ([eE] [-+]? [0-9]{1,2})?
      integer ::= "-"? ("0" | [1-9] [0-9]{0,15})
      boolean ::= "true" | "false"
      null    ::= "null"
      ws      ::= (" " | "\\n" [ \\t]{0,40})?
      """;

  private JsonGrammar() {}

  /** Any object. Its rules are named value, object, array, string, char, number, integer, ws, … */
  static Grammar anyObject() {
    return GbnfParser.parse(TEXT);
  }
}
