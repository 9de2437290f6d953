package dev.chaski.langchain4j;

import dev.chaski.ChatAnswer;
import dev.chaski.chat.tool.ToolCall;
import dev.chaski.generate.GenerationStatistics;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;

/** Our answers in LangChain4j's terms. */
final class Responses {
  private Responses() {}

  static ChatResponse of(ChatAnswer answer, String modelName) {
    AiMessage.Builder message = AiMessage.builder();
    if (!answer.text().isEmpty() || answer.toolCalls().isEmpty()) {
      message.text(answer.text());
    }
    message.toolExecutionRequests(answer.toolCalls().stream().map(Responses::call).toList());
    GenerationStatistics statistics = answer.statistics();
    return ChatResponse.builder()
        .aiMessage(message.build())
        .modelName(modelName)
        .tokenUsage(new TokenUsage(statistics.promptTokens(), statistics.generatedTokens()))
        .finishReason(reason(answer))
        .build();
  }

  static ToolExecutionRequest call(ToolCall call) {
    return ToolExecutionRequest.builder()
        .id(call.id())
        .name(call.name())
        .arguments(call.argumentsJson())
        .build();
  }

  private static FinishReason reason(ChatAnswer answer) {
    return switch (answer.finishReason()) {
      case STOP_TOKEN, STOP_STRING ->
          answer.toolCalls().isEmpty() ? FinishReason.STOP : FinishReason.TOOL_EXECUTION;
      case MAX_TOKENS, CONTEXT_FULL -> FinishReason.LENGTH;
      case CANCELLED -> FinishReason.OTHER;
    };
  }
}
