/**
 * A model in this JVM as a chat model of LangChain4j: {@link
 * dev.chaski.langchain4j.ChaskiChatModel} and {@link
 * dev.chaski.langchain4j.ChaskiStreamingChatModel}. Imports the engine's facade and LangChain4j's
 * core; nothing of ours imports it. Start reading at {@link
 * dev.chaski.langchain4j.ChaskiChatModel}.
 */
package dev.chaski.langchain4j;
