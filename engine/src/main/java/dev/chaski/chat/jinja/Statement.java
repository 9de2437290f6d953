package dev.chaski.chat.jinja;

import java.util.List;

/** A piece of a template. Lines are counted from 1, for error messages. */
sealed interface Statement {

  /** Text outside of all tags. */
  record Text(Str text) implements Statement {}

  /** {@code {{ value }}}. */
  record Output(Expression value, int line) implements Statement {}

  /** {@code {% if %}}, {@code elif} and {@code else}. */
  record If(List<Branch> branches, List<Statement> otherwise) implements Statement {}

  /** A condition of an {@link If} and what it guards. */
  record Branch(Expression condition, List<Statement> body, int line) {}

  /**
   * {@code {% for target in iterable if condition %}}.
   *
   * @param condition the literal true if there is none
   */
  record For(
      Target target,
      Expression iterable,
      Expression condition,
      boolean recursive,
      List<Statement> body,
      List<Statement> otherwise,
      int line)
      implements Statement {}

  /** {@code {% set target = value %}}. */
  record Assign(Target target, Expression value, int line) implements Statement {}

  /** {@code {% set target | filters %} ... {% endset %}}. */
  record AssignBlock(
      Target target, List<Expression.FilterCall> filters, List<Statement> body, int line)
      implements Statement {}

  /** {@code {% macro name(parameters) %}}. */
  record MacroDefinition(MacroBody macro) implements Statement {}

  /** {@code {% call(parameters) callee(...) %}}: a call that is given a macro named caller. */
  record CallBlock(MacroBody caller, Expression.Call call, int line) implements Statement {}

  /** {@code {% filter name %}}. */
  record FilterBlock(List<Expression.FilterCall> filters, List<Statement> body, int line)
      implements Statement {}

  /** {@code {% with a = 1 %}}, and {@code {% generation %}}, which assigns nothing. */
  record With(List<Binding> bindings, List<Statement> body, int line) implements Statement {}

  /** One assignment of a {@link With}. */
  record Binding(Target target, Expression value) {}

  /** {@code {% break %}}. */
  record Break() implements Statement {}

  /** {@code {% continue %}}. */
  record Continue() implements Statement {}

  /** What can be assigned to. */
  sealed interface Target {}

  /** A variable. */
  record NameTarget(String name) implements Target {}

  /** An attribute of a namespace. */
  record AttributeTarget(String owner, String name) implements Target {}

  /** {@code a, b}. */
  record TupleTarget(List<Target> targets) implements Target {}

  /**
   * A macro as written.
   *
   * @param takesRest whether its body speaks of {@code varargs}
   * @param takesKeywordRest whether its body speaks of {@code kwargs}
   */
  record MacroBody(
      String name,
      List<Parameter> parameters,
      List<Statement> body,
      boolean takesRest,
      boolean takesKeywordRest) {}

  /**
   * A parameter of a macro.
   *
   * @param absent what it is if left out, evaluated at each call
   */
  record Parameter(String name, Expression absent) {}
}
