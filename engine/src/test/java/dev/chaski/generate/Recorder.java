package dev.chaski.generate;

import java.util.ArrayList;
import java.util.List;

/** Remembers what it hears. */
final class Recorder implements GenerationListener {
  final List<String> pieces = new ArrayList<>();
  final List<String> prefills = new ArrayList<>();

  @Override
  public void onText(String piece) {
    pieces.add(piece);
  }

  @Override
  public void onPrefill(int done, int total) {
    prefills.add(done + "/" + total);
  }
}
