package dev.chaski.chat.jinja;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A macro, together with the scope it was defined in, which it sees as that is when called. */
final class Macro implements Value.Callable {
  private final Statement.MacroBody body;
  private final Scope scope;
  private final Interpreter interpreter;

  Macro(Statement.MacroBody body, Scope scope, Interpreter interpreter) {
    this.body = body;
    this.scope = scope;
    this.interpreter = interpreter;
  }

  String name() {
    return body.name();
  }

  @Override
  public Value call(Arguments arguments, Evaluator evaluator) {
    Scope inside = new Scope(scope);
    bind(arguments, inside, evaluator);
    return interpreter.capture(body.body(), inside);
  }

  private void bind(Arguments arguments, Scope inside, Evaluator evaluator) {
    List<Value> positional = arguments.positional();
    Map<String, Value> keywords = new LinkedHashMap<>(arguments.keywords());
    int count = body.parameters().size();
    boolean hasCaller = keywords.containsKey("caller");
    inside.set(
        "caller",
        hasCaller ? keywords.get("caller") : Value.Undefined.because("No caller defined"));
    for (int i = 0; i < count; i++) {
      Statement.Parameter parameter = body.parameters().get(i);
      Value given = i < positional.size() ? positional.get(i) : keywords.remove(parameter.name());
      inside.set(
          parameter.name(), given != null ? given : evaluator.evaluate(parameter.absent(), inside));
    }
    keywords.remove("caller");
    if (body.takesKeywordRest()) {
      Dict rest = new Dict();
      arguments
          .keywords()
          .forEach((name, value) -> {
            if (keywords.containsKey(name)) {
              rest.put(Str.ofTemplate(name), value, evaluator.budget());
            }
          });
      inside.set("kwargs", rest);
    } else if (!keywords.isEmpty()) {
      throw TemplateException.because(
          "macro '%s' takes no keyword argument '%s'"
              .formatted(name(), keywords.keySet().iterator().next()));
    }
    if (body.takesRest()) {
      inside.set(
          "varargs",
          Value.Sequence.tuple(
              positional.subList(Math.min(count, positional.size()), positional.size())));
    } else if (positional.size() > count) {
      throw TemplateException.because(
          "macro '%s' takes not more than %d argument(s)".formatted(name(), count));
    }
  }

  @Override
  public String typeName() {
    return "Macro";
  }

  @Override
  public String description() {
    return "<Macro '" + name() + "'>";
  }
}
