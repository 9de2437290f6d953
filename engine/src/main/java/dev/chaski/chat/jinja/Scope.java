package dev.chaski.chat.jinja;

import java.util.HashMap;
import java.util.Map;

/** The variables of a template, a loop pass, a macro call or a block, inside those around it. */
final class Scope {
  private final Scope outer;
  private final Map<String, Value> variables;

  /** The outermost scope: what the caller gave, and the functions. */
  Scope(Map<String, Value> variables) {
    this.outer = null;
    this.variables = variables;
  }

  /** A scope inside {@code outer}, whose variables it sees but does not change. */
  Scope(Scope outer) {
    this.outer = outer;
    this.variables = new HashMap<>();
  }

  /** The value of a variable; undefined if there is none. */
  Value get(String name) {
    for (Scope scope = this; scope != null; scope = scope.outer) {
      Value value = scope.variables.get(name);
      if (value != null) {
        return value;
      }
    }
    return Value.Undefined.variable(name);
  }

  void set(String name, Value value) {
    variables.put(name, value);
  }
}
