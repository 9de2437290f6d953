package dev.chaski.kernels.tornado.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SpaceTest {
  private record Taken(int at, int count) {}

  @Test
  void whatIsTakenDoesNotOverlapAndComesBackWhole() {
    SplittableRandom random = new SplittableRandom(7);
    Space space = new Space(4096);
    BitSet used = new BitSet();
    List<Taken> taken = new ArrayList<>();
    int grown = 0;
    for (int i = 0; i < 20_000; i++) {
      int choice = random.nextInt(8);
      if (choice < 4) {
        int count = random.nextInt(1, 200);
        int at = choice == 0 ? space.takeWithRoomToGrow(count) : space.take(count);
        if (at >= 0) {
          mark(used, at, count, true);
          taken.add(new Taken(at, count));
        }
      } else if (!taken.isEmpty() && choice < 7) {
        Taken one = taken.remove(random.nextInt(taken.size()));
        mark(used, one.at(), one.count(), false);
        space.free(one.at(), one.count());
      } else if (!taken.isEmpty()) {
        int index = random.nextInt(taken.size());
        Taken one = taken.get(index);
        int more = one.count() + random.nextInt(100);
        if (space.extend(one.at(), one.count(), more)) {
          mark(used, one.at(), one.count(), false);
          mark(used, one.at(), more, true);
          taken.set(index, new Taken(one.at(), more));
        }
      }
      if (i % 5000 == 4999 && grown < 3) {
        grown++;
        space.grow(space.size() + 1000);
      }
      assertThat(space.taken()).isEqualTo(used.cardinality());
    }
    for (Taken one : taken) {
      space.free(one.at(), one.count());
    }
    assertThat(space.taken()).isZero();
    assertThat(space.take(space.size() / 16 * 16)).as("one gap again").isZero();
  }

  private static void mark(BitSet used, int at, int count, boolean value) {
    int end = at + Space.rounded(count);
    assertThat(value ? used.nextSetBit(at) : used.nextClearBit(at))
        .matches(next -> next < 0 || next >= end, "no overlap with " + at + " to " + end);
    used.set(at, end, value);
  }

  @Test
  void cachesFindRoomBehindThem() {
    Space space = new Space(16_384);
    int[] at = new int[8];
    for (int i = 0; i < at.length; i++) {
      at[i] = space.takeWithRoomToGrow(64);
    }
    for (int one : at) {
      assertThat(space.extend(one, 64, 1024)).as("cache at %d", one).isTrue();
    }
  }

  @Test
  void aFullSpaceSaysSo() {
    Space space = new Space(64);
    assertThat(space.take(64)).isZero();
    assertThat(space.take(1)).isEqualTo(-1);
    assertThat(space.takeWithRoomToGrow(1)).isEqualTo(-1);
    assertThat(space.extend(0, 64, 65)).isFalse();
    space.grow(128);
    assertThat(space.extend(0, 64, 65)).isTrue();
  }
}
