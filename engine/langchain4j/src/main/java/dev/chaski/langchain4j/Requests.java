package dev.chaski.langchain4j;

import dev.chaski.chat.Message;
import dev.chaski.chat.tool.Tool;
import dev.chaski.chat.tool.ToolChoice;
import dev.chaski.format.JsonTree;
import dev.chaski.generate.Cancellation;
import dev.chaski.generate.GenerationOptions;
import dev.chaski.generate.ResponseFormat;
import dev.chaski.sample.SamplingOptions;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.internal.JsonSchemaElementUtils;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import java.util.List;
import java.util.Map;

/**
 * A request of LangChain4j's in our terms.
 *
 * @param messages the whole conversation
 * @param tools what may be called
 * @param toolChoice whether something must be
 * @param parameters how to generate, as far as the request says
 * @param cancellation ends the answer
 */
record Requests(
    List<Message> messages,
    List<Tool> tools,
    ToolChoice toolChoice,
    ChatRequestParameters parameters,
    Cancellation cancellation) {

  static Requests of(ChatRequest request) {
    return new Requests(
        Messages.of(request.messages()),
        request.toolSpecifications().stream().map(Requests::tool).toList(),
        choice(request),
        request.parameters(),
        new Cancellation());
  }

  private static Tool tool(ToolSpecification specification) {
    String description = specification.description();
    return new Tool(
        specification.name(),
        description == null ? "" : description,
        specification.parameters() == null
            ? Map.of("type", "object", "properties", Map.of())
            : JsonSchemaElementUtils.toMap(specification.parameters()));
  }

  private static ToolChoice choice(ChatRequest request) {
    if (request.toolChoice() == null) {
      return ToolChoice.auto();
    }
    return switch (request.toolChoice()) {
      case AUTO -> ToolChoice.auto();
      case REQUIRED -> ToolChoice.required();
      case NONE -> ToolChoice.none();
    };
  }

  /** How to generate: as the request says, and where it does not, as {@code defaults}. */
  GenerationOptions generation(GenerationOptions defaults) {
    SamplingOptions.Builder sampling = defaults.sampling().toBuilder();
    if (parameters.temperature() != null) {
      sampling.temperature(parameters.temperature().floatValue());
    }
    if (parameters.topP() != null) {
      sampling.topP(parameters.topP().floatValue());
    }
    if (parameters.topK() != null) {
      sampling.topK(parameters.topK());
    }
    if (parameters.frequencyPenalty() != null) {
      sampling.frequencyPenalty(parameters.frequencyPenalty().floatValue());
    }
    if (parameters.presencePenalty() != null) {
      sampling.presencePenalty(parameters.presencePenalty().floatValue());
    }
    GenerationOptions generation =
        defaults.withSampling(sampling.build()).withCancellation(cancellation);
    if (parameters.maxOutputTokens() != null) {
      generation = generation.withMaxTokens(parameters.maxOutputTokens());
    }
    List<String> stops = parameters.stopSequences();
    if (stops != null && !stops.isEmpty()) {
      generation = generation.withStopStrings(stops);
    }
    return parameters.responseFormat() == null
        ? generation
        : generation.withResponseFormat(format(parameters.responseFormat()));
  }

  private static ResponseFormat format(dev.langchain4j.model.chat.request.ResponseFormat format) {
    if (format.type() == ResponseFormatType.TEXT) {
      return ResponseFormat.text();
    }
    JsonSchema schema = format.jsonSchema();
    if (schema == null) {
      return ResponseFormat.jsonObject();
    }
    return ResponseFormat.jsonSchema(
        schema.rootElement() instanceof JsonRawSchema raw
            ? raw.schema()
            : JsonTree.write(JsonSchemaElementUtils.toMap(schema.rootElement())));
  }
}
