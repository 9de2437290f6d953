package dev.chaski.gguf;

/**
 * What a GGUF file may ask of us. Real files stay far below; a file beyond is broken or hostile,
 * and is refused before anything of that size is allocated or walked.
 */
final class GgufLimits {
  /** Metadata and tensor table together. A vocabulary of 128K tokens takes 8 MB. */
  static final long MAX_HEADER_BYTES = 128L << 20;

  static final long MAX_METADATA_ENTRIES = 1 << 16;
  static final long MAX_TENSORS = 1 << 16;

  /** Elements of one array. The largest vocabularies have 500K merges. */
  static final long MAX_ARRAY_LENGTH = 1 << 24;

  /** Arrays within arrays, the outermost counted. No known model nests at all. */
  static final int MAX_ARRAY_DEPTH = 4;

  /** From the GGUF specification, in bytes of UTF-8. */
  static final long MAX_KEY_LENGTH = 65_535;

  /** From the GGUF specification, in bytes of UTF-8 ({@code GGML_MAX_NAME}). */
  static final long MAX_TENSOR_NAME_LENGTH = 64;

  /** {@code GGML_MAX_DIMS}. */
  static final int MAX_DIMENSIONS = 4;

  static final int DEFAULT_ALIGNMENT = 32;

  /** The specification asks for a multiple of 8. */
  static final int MIN_ALIGNMENT = 8;

  static final int MAX_ALIGNMENT = 1 << 30;

  private GgufLimits() {}
}
