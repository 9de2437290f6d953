package dev.chaski.tokenizer;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.function.IntPredicate;

/**
 * Turns tokens into text one by one, as a model generates them, and never shows half a character:
 * bytes that may be the beginning of a character are held back until the next token decides.
 *
 * <p>All pieces and the one from {@link #finish} together are exactly what {@link
 * BpeTokenizer#decode(int[])} makes of all ids; bytes that can be no part of a character become
 * U+FFFD. Belongs to one stream of tokens and is not safe for use by several threads.
 */
public final class StreamDecoder {
  private static final int MAX_HELD_BACK = 3;

  private final BpeTokenizer tokenizer;
  private final IntPredicate shown; // of special tokens
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private ByteBuffer bytes = ByteBuffer.allocate(64);
  private CharBuffer chars = CharBuffer.allocate(64); // a byte makes at most one char

  private StreamDecoder(BpeTokenizer tokenizer, IntPredicate shown) {
    this.tokenizer = tokenizer;
    this.shown = shown;
  }

  /** A decoder that shows special tokens by their names. */
  public static StreamDecoder of(BpeTokenizer tokenizer) {
    return new StreamDecoder(tokenizer, _ -> true);
  }

  /** A decoder that leaves special tokens out. */
  public static StreamDecoder withoutSpecial(BpeTokenizer tokenizer) {
    return new StreamDecoder(tokenizer, _ -> false);
  }

  /** A decoder that shows some special tokens by their names and leaves the others out. */
  public static StreamDecoder withSpecial(BpeTokenizer tokenizer, IntPredicate shown) {
    return new StreamDecoder(tokenizer, shown);
  }

  /**
   * The text that is complete with this token and was not before; often empty.
   *
   * @throws IllegalArgumentException if the id is not in the vocabulary; the stream stays as it was
   */
  public String accept(int id) {
    if (tokenizer.isSpecial(id) && !shown.test(id)) {
      return "";
    }
    makeRoomFor(tokenizer.byteLength(id));
    bytes.position(tokenizer.copyBytes(id, bytes.array(), bytes.position()));
    return decode(false);
  }

  /**
   * The end of the text: U+FFFD if a character was begun and not completed, otherwise empty. The
   * decoder is then ready for another stream.
   */
  public String finish() {
    return decode(true);
  }

  private String decode(boolean endOfStream) {
    bytes.flip();
    decoder.decode(bytes, chars, endOfStream);
    if (endOfStream) {
      decoder.flush(chars);
      decoder.reset();
    }
    bytes.compact();
    String text = chars.flip().toString();
    chars.clear();
    return text;
  }

  private void makeRoomFor(int more) {
    if (more > bytes.remaining()) {
      ByteBuffer larger = ByteBuffer.allocate(2 * more + MAX_HELD_BACK);
      larger.put(bytes.flip());
      bytes = larger;
      chars = CharBuffer.allocate(larger.capacity());
    }
  }
}
