package dev.chaski.gguf;

import dev.chaski.format.Excerpt;
import dev.chaski.format.ModelFormatException;
import dev.chaski.format.UnsupportedModelException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/** The first eight bytes: is this GGUF, and one that we read? If not, what is it? */
final class GgufSignature {
  private static final int MAGIC = 0x46554747; // "GGUF" in file order
  private static final int MIN_VERSION = 2;
  private static final int MAX_VERSION = 3;
  private static final int MAGIC_LENGTH = 4;
  private static final int LOOK_LENGTH = 64;

  private GgufSignature() {}

  /** Reads magic and version, and returns the version: 2 or 3. */
  static int read(Path path, MemorySegment bytes, HeaderCursor cursor)
      throws ModelFormatException, UnsupportedModelException {
    if (cursor.readInt32("the magic 'GGUF'") != MAGIC) {
      throw new ModelFormatException(path, 0, describeForeign(bytes));
    }
    int version = cursor.readInt32("the GGUF version");
    if (version >= MIN_VERSION && version <= MAX_VERSION) {
      return version;
    }
    int swapped = Integer.reverseBytes(version);
    if (swapped >= 1 && swapped <= MAX_VERSION) {
      throw new UnsupportedModelException(
          path,
          "this GGUF file is big endian (version "
              + swapped
              + "); only little-endian files are supported, "
              + "so get the little-endian file or convert it with gguf_convert_endian.py");
    }
    throw new UnsupportedModelException(
        path,
        "this is GGUF version "
            + Integer.toUnsignedString(version)
            + "; versions 2 and 3 are supported"
            + (version == 1 ? ", so convert the original model again" : ""));
  }

  private static String describeForeign(MemorySegment bytes) {
    int length = (int) Math.min(bytes.byteSize(), LOOK_LENGTH);
    byte[] head = bytes.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    String text = new String(head, StandardCharsets.ISO_8859_1);
    String start =
        "the file starts with "
            + Excerpt.quoted(text.substring(0, MAGIC_LENGTH))
            + ", not with 'GGUF'";
    String guess =
        switch (text.substring(0, MAGIC_LENGTH)) {
          case "lmgg", "fmgg", "tjgg" ->
              "; it is an older ggml format, so convert the original model to GGUF";
          case "PK\3\4" -> "; it is a zip archive or a PyTorch checkpoint";
          default -> guessByContent(text, head);
        };
    return start + guess;
  }

  private static String guessByContent(String text, byte[] head) {
    if (text.startsWith("version https://git-lfs")) {
      return "; it is a Git LFS pointer that stands for the model, so run 'git lfs pull'";
    }
    if (text.stripLeading().startsWith("<")) {
      return "; it is a web page, so the download got an error or a login form";
    }
    boolean safetensors = head.length > Long.BYTES && head[Long.BYTES] == '{';
    if (safetensors && Arrays.equals(head, 4, Long.BYTES, new byte[4], 0, 4)) {
      return "; it looks like safetensors, which is opened through the folder that holds it";
    }
    return "; expected a GGUF model";
  }
}
