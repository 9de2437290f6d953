package dev.chaski.load;

import dev.chaski.format.MappedFile;
import dev.chaski.format.ModelFormatException;
import dev.chaski.model.WeightsGuard;
import java.io.UncheckedIOException;
import java.util.List;

/** Watches the files that weights are mapped from. */
record MappedWeightsGuard(List<MappedFile> files) implements WeightsGuard {
  @Override
  public void beforePass() {
    try {
      for (MappedFile file : files) {
        file.requireUnchanged();
      }
    } catch (ModelFormatException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  @Override
  public void beforeLayer() {
    try {
      for (MappedFile file : files) {
        file.requireWhole();
      }
    } catch (ModelFormatException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  @Override
  public UncheckedIOException lost(InternalError fault) {
    beforeLayer(); // knows which file
    ModelFormatException e = files.getFirst().unreadable(fault);
    return new UncheckedIOException(e.getMessage(), e);
  }
}
