package dev.chaski.chat.jinja;

import dev.chaski.chat.jinja.TemplateLimitException.Limit;
import java.util.Arrays;

/** Puts strings together, keeping provenance and paying for every character first. */
final class StrBuilder {
  /** What remembering one change of provenance costs, in characters. */
  private static final int FLIP_COST = 4;

  private final Budget budget;
  private final int maxLength;
  private final StringBuilder text = new StringBuilder();
  private int[] flips = new int[4];
  private int flipCount;
  private boolean startsFromTemplate = true;
  private boolean endsFromTemplate = true;

  StrBuilder(Budget budget) {
    this(budget, Integer.MAX_VALUE);
  }

  /** One that also must not grow beyond {@code maxLength}: the output of a rendering. */
  StrBuilder(Budget budget, int maxLength) {
    this.budget = budget;
    this.maxLength = maxLength;
  }

  int length() {
    return text.length();
  }

  StrBuilder append(String added, boolean fromTemplate) {
    return append(added, 0, added.length(), fromTemplate);
  }

  StrBuilder append(Str added) {
    return append(added, 0, added.text().length());
  }

  /** Appends what stands between two offsets. */
  StrBuilder append(Str added, int begin, int end) {
    for (int from = begin; from < end; ) {
      int to = Math.min(end, added.runEnd(from));
      append(added.text(), from, to, added.isFromTemplate(from));
      from = to;
    }
    return this;
  }

  private StrBuilder append(String added, int begin, int end, boolean fromTemplate) {
    if (begin == end) {
      return this;
    }
    budget.characters(end - begin);
    if (end - begin > maxLength - text.length()) {
      throw new TemplateLimitException(Limit.OUTPUT, maxLength);
    }
    if (text.isEmpty()) {
      startsFromTemplate = fromTemplate;
    } else if (fromTemplate != endsFromTemplate) {
      addFlip(text.length());
    }
    endsFromTemplate = fromTemplate;
    text.append(added, begin, end);
    return this;
  }

  private void addFlip(int offset) {
    budget.characters(FLIP_COST);
    if (flipCount == flips.length) {
      flips = Arrays.copyOf(flips, flipCount * 2);
    }
    flips[flipCount++] = offset;
  }

  Str toStr() {
    return text.isEmpty()
        ? Str.EMPTY
        : new Str(text.toString(), Arrays.copyOf(flips, flipCount), startsFromTemplate);
  }
}
