package dev.chaski.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.zip.CRC32C;

/**
 * A checksum of some places of a file, the first and the last among them: enough to tell a file
 * that was only touched, or written again as it was, from one that another model is written over.
 */
final class ContentSample {
  private static final int PLACES = 16;
  private static final int PLACE_BYTES = 4096; // one page each

  private ContentSample() {}

  static long of(MemorySegment bytes) {
    CRC32C checksum = new CRC32C();
    byte[] place = new byte[(int) Math.min(PLACE_BYTES, bytes.byteSize())];
    long last = bytes.byteSize() - place.length;
    for (int i = 0; i < PLACES; i++) {
      long at = i == PLACES - 1 ? last : last / (PLACES - 1) * i;
      // Copied, as the JVM turns a page without a file into an error then.
      MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, place, 0, place.length);
      checksum.update(place);
    }
    return checksum.getValue();
  }
}
