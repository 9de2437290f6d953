package dev.chaski.chat;

/** What a template sees as the arguments of a tool call. */
enum CallShape {
  /** An object, as most templates want it. */
  OBJECTS,
  /** A string of JSON, as OpenAI's API has it. */
  STRINGS
}
