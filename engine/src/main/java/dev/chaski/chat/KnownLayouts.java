package dev.chaski.chat;

/** Templates for models that come without one; they begin without the token that begins a text. */
final class KnownLayouts {
  /** Headers between special tokens, an empty line, the trimmed text. */
  static final String LLAMA_3 =
      """
      {%- for message in messages %}
        {{- '<|start_header_id|>' + message.role + '<|end_header_id|>\\n\\n' }}
        {{- message.content | trim + '<|eot_id|>' }}
      {%- endfor %}
      {%- if add_generation_prompt %}
        {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}
      {%- endif %}
      """;

  /** The role on the line of the opening token, then the text. */
  static final String CHATML =
      """
      {%- for message in messages %}
        {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}
      {%- endfor %}
      {%- if add_generation_prompt %}
        {{- '<|im_start|>assistant\\n' }}
      {%- endif %}
      """;

  private KnownLayouts() {}
}
