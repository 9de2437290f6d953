package dev.chaski.chat.jinja;

import dev.chaski.chat.jinja.Expression.FilterCall;
import dev.chaski.chat.jinja.Statement.Target;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.OptionalInt;

/** Runs statements. */
final class Interpreter {
  /** What to do after a statement. */
  private enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  private final Evaluator evaluator;
  private final Budget budget;

  Interpreter(Evaluator evaluator) {
    this.evaluator = evaluator;
    this.budget = evaluator.budget();
  }

  /** Runs a whole template. */
  void render(List<Statement> template, Scope scope, StrBuilder out) {
    run(template, scope, out);
  }

  /** What statements write, as a string. */
  Str capture(List<Statement> statements, Scope scope) {
    StrBuilder out = new StrBuilder(budget);
    run(statements, scope, out);
    return out.toStr();
  }

  private Flow run(List<Statement> statements, Scope scope, StrBuilder out) {
    for (Statement statement : statements) {
      Flow flow = run(statement, scope, out);
      if (flow != Flow.NEXT) {
        return flow;
      }
    }
    return Flow.NEXT;
  }

  private Flow run(Statement statement, Scope scope, StrBuilder out) {
    budget.step();
    budget.enter();
    Flow flow =
        switch (statement) {
          case Statement.Text(Str text) -> {
            out.append(text);
            yield Flow.NEXT;
          }
          case Statement.Output(Expression value, int line) -> {
            out.append(Printer.str(evaluate(value, scope, line), budget));
            yield Flow.NEXT;
          }
          case Statement.If choice -> runIf(choice, scope, out);
          case Statement.For loop -> {
            runFor(loop, evaluate(loop.iterable(), scope, loop.line()), 0, scope, out);
            yield Flow.NEXT;
          }
          case Statement.Assign(Target target, Expression value, int line) -> {
            assign(target, evaluate(value, scope, line), scope, line);
            yield Flow.NEXT;
          }
          case Statement.AssignBlock block -> {
            StrBuilder inside = new StrBuilder(budget);
            Flow ended = run(block.body(), new Scope(scope), inside);
            if (ended == Flow.NEXT) {
              Value value = filtered(inside.toStr(), block.filters(), scope, block.line());
              assign(block.target(), value, scope, block.line());
            }
            yield ended;
          }
          case Statement.FilterBlock block -> {
            StrBuilder inside = new StrBuilder(budget);
            Flow ended = run(block.body(), new Scope(scope), inside);
            if (ended == Flow.NEXT) {
              Value value = filtered(inside.toStr(), block.filters(), scope, block.line());
              out.append(Printer.str(value, budget));
            }
            yield ended;
          }
          case Statement.With with -> runWith(with, scope, out);
          case Statement.MacroDefinition(Statement.MacroBody macro) -> {
            scope.set(macro.name(), new Macro(macro, scope, this));
            yield Flow.NEXT;
          }
          case Statement.CallBlock block -> {
            out.append(Printer.str(call(block, scope), budget));
            yield Flow.NEXT;
          }
          case Statement.Break() -> Flow.BREAK;
          case Statement.Continue() -> Flow.CONTINUE;
        };
    budget.leave();
    return flow;
  }

  private Value evaluate(Expression expression, Scope scope, int line) {
    try {
      return evaluator.evaluate(expression, scope);
    } catch (TemplateException e) {
      throw e.at(line);
    }
  }

  private Value filtered(Str text, List<FilterCall> filters, Scope scope, int line) {
    try {
      Value value = text;
      for (FilterCall filter : filters) {
        value = evaluator.filter(value, filter, scope);
      }
      return value;
    } catch (TemplateException e) {
      throw e.at(line);
    }
  }

  private Flow runIf(Statement.If choice, Scope scope, StrBuilder out) {
    for (Statement.Branch branch : choice.branches()) {
      if (Value.isTrue(evaluate(branch.condition(), scope, branch.line()))) {
        return run(branch.body(), scope, out);
      }
    }
    return run(choice.otherwise(), scope, out);
  }

  private Flow runWith(Statement.With with, Scope scope, StrBuilder out) {
    Scope inside = new Scope(scope);
    for (Statement.Binding binding : with.bindings()) {
      assign(binding.target(), evaluate(binding.value(), scope, with.line()), inside, with.line());
    }
    return run(with.body(), inside, out);
  }

  private Value call(Statement.CallBlock block, Scope scope) {
    try {
      Value callee = evaluator.evaluate(block.call().callee(), scope);
      Arguments written = evaluator.arguments(block.call().arguments(), scope);
      Map<String, Value> keywords = new LinkedHashMap<>(written.keywords());
      keywords.put("caller", new Macro(block.caller(), scope, this));
      return evaluator.call(callee, new Arguments(written.positional(), keywords));
    } catch (TemplateException e) {
      throw e.at(block.line());
    }
  }

  private void runFor(Statement.For loop, Value iterable, int depth0, Scope scope, StrBuilder out) {
    boolean isFiltered =
        !(loop.condition() instanceof Expression.Literal(Value literal)
            && literal == Value.Bool.TRUE);
    LoopState state =
        new LoopState(
            items(loop, iterable, isFiltered, scope),
            isFiltered ? OptionalInt.empty() : Iteration.size(iterable),
            depth0,
            loop.recursive() ? (items, depth) -> recurse(loop, items, depth, scope) : null,
            budget);
    // Jinja2 runs the else part unless some pass came to its end, even after a break or continue.
    boolean anyPassEnded = false;
    Flow flow = Flow.NEXT;
    while (flow != Flow.BREAK && state.advance()) {
      Scope inside = new Scope(scope);
      inside.set("loop", state);
      assign(loop.target(), state.current(), inside, loop.line());
      flow = run(loop.body(), inside, out);
      anyPassEnded |= flow == Flow.NEXT;
    }
    if (!anyPassEnded) {
      run(loop.otherwise(), new Scope(scope), out);
    }
  }

  private Value recurse(Statement.For loop, Value items, int depth0, Scope scope) {
    budget.enter();
    StrBuilder out = new StrBuilder(budget);
    runFor(loop, items, depth0, scope, out);
    budget.leave();
    return out.toStr();
  }

  private Iterator<Value> items(
      Statement.For loop, Value iterable, boolean isFiltered, Scope scope) {
    try {
      Iterator<Value> items = Iteration.over(iterable, budget);
      return isFiltered ? new Matching(items, loop, scope) : items;
    } catch (TemplateException e) {
      throw e.at(loop.line());
    }
  }

  private void assign(Target target, Value value, Scope scope, int line) {
    try {
      assign(target, value, scope);
    } catch (TemplateException e) {
      throw e.at(line);
    }
  }

  private void assign(Target target, Value value, Scope scope) {
    switch (target) {
      case Statement.NameTarget(String name) -> scope.set(name, value);
      case Statement.AttributeTarget(String owner, String name) -> {
        if (!(scope.get(owner) instanceof Value.Namespace namespace)) {
          throw TemplateException.because("cannot assign attribute on non-namespace object");
        }
        namespace.attributes().put(name, value);
      }
      case Statement.TupleTarget(List<Target> targets) -> unpack(targets, value, scope);
    }
  }

  private void unpack(List<Target> targets, Value value, Scope scope) {
    if (!Iteration.isIterable(value)) {
      throw TemplateException.because("cannot unpack non-iterable " + value.typeName() + " object");
    }
    Iterator<Value> items = Iteration.over(value, budget);
    int count = 0;
    for (Target target : targets) {
      budget.step();
      if (!items.hasNext()) {
        throw TemplateException.because(
            "not enough values to unpack (expected %d, got %d)".formatted(targets.size(), count));
      }
      assign(target, items.next(), scope);
      count++;
    }
    if (items.hasNext()) {
      throw TemplateException.because(
          "too many values to unpack (expected " + targets.size() + ")");
    }
  }

  /** The items of a loop that its condition lets through, asked one at a time. */
  private final class Matching implements Iterator<Value> {
    private final Iterator<Value> items;
    private final Statement.For loop;
    private final Scope scope;
    private Value next;

    Matching(Iterator<Value> items, Statement.For loop, Scope scope) {
      this.items = items;
      this.loop = loop;
      this.scope = scope;
    }

    @Override
    public boolean hasNext() {
      while (next == null && items.hasNext()) {
        budget.step();
        Value item = items.next();
        Scope inside = new Scope(scope);
        assign(loop.target(), item, inside, loop.line());
        if (Value.isTrue(evaluate(loop.condition(), inside, loop.line()))) {
          next = item;
        }
      }
      return next != null;
    }

    @Override
    public Value next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Value item = next;
      next = null;
      return item;
    }
  }
}
