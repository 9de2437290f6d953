package dev.chaski.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.chaski.kernels.TensorType;
import dev.chaski.load.LlamaShape;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KvCacheTest {
  private static final int ALL = 1000;

  @TempDir Path folder;

  private RandomModel model;

  @BeforeEach
  void open() throws IOException {
    model = RandomModel.open(LlamaShape.plain(), folder, "scalar");
  }

  @AfterEach
  void close() {
    model.close();
  }

  @Test
  void memoryGrowsWithUse() {
    // Two kinds, two heads of 8 values; one layer.
    long bytesPerPosition = 2 * 2 * 8 * Float.BYTES;
    try (KvCache cache = model.model().newCache(TensorType.F32, 1 << 30);
        KvCache half = model.model().newCache(TensorType.F16, 1 << 30)) {
      assertThat(cache.byteSize()).isZero();
      long last = 0;
      for (int i = 0; i < 10; i++) {
        model.logits(cache, model.ids(50, i), ALL);
        model.logits(half, model.ids(50, i), ALL);
        assertThat(cache.length()).isEqualTo(50 * (i + 1));
        assertThat(cache.byteSize())
            .isGreaterThanOrEqualTo(last)
            .isBetween(
                cache.length() * bytesPerPosition, (cache.length() + 256) * bytesPerPosition);
        assertThat(half.byteSize()).isEqualTo(cache.byteSize() / 2);
        last = cache.byteSize();
      }
    }
  }

  @Test
  void aFullContextIsSaidBeforeThePass() {
    try (KvCache cache = model.model().newCache(TensorType.F32, 10)) {
      float[][] expected = model.logits(model.ids(10, 1), ALL);
      Batch batch = new Batch();
      for (int id : model.ids(10, 1)) {
        batch.add(cache, id, true);
      }
      assertThatIllegalStateException()
          .isThrownBy(() -> batch.add(cache, 0, true))
          .withMessage("the context of 10 positions is full; use a larger one");
      assertThat(cache.length()).isZero();
      // What was added before is as it was.
      Activations a = model.model().newActivations();
      model.model().forward(batch, a);
      assertThat(model.row(a, 9)).isEqualTo(expected[9]);
      assertThat(cache.length()).isEqualTo(10);
      assertThatIllegalStateException().isThrownBy(() -> new Batch().add(cache, 0, true));
    }
  }

  @Test
  void aCopyGoesOnAsTheOriginal() {
    for (TensorType type : new TensorType[] {TensorType.F32, TensorType.F16}) {
      int[] start = model.ids(130, 4); // more than two blocks
      int[] end = model.ids(9, 5);
      try (KvCache original = model.model().newCache(type, 200);
          KvCache other = model.model().newCache(type, 200)) {
        model.logits(original, start, ALL);
        model.logits(original, model.ids(3, 6), ALL); // which the copy does not take
        other.copyFrom(original, 130);
        assertThat(other.length()).isEqualTo(130);
        original.truncate(130);
        float[][] expected = model.logits(original, end, ALL);
        assertThat(model.logits(other, end, ALL)).isDeepEqualTo(expected);
        assertThatIllegalStateException()
            .isThrownBy(() -> other.copyFrom(original, 1))
            .withMessageContaining("has 139 positions already");
      }
    }
  }

  @Test
  void onlyWhatIsThereAndFitsIsCopied() {
    try (KvCache source = model.model().newCache(TensorType.F32, 200);
        KvCache half = model.model().newCache(TensorType.F16, 200);
        KvCache small = model.model().newCache(TensorType.F32, 5)) {
      model.logits(source, model.ids(10, 1), ALL);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> model.model().copyOf(source, 11))
          .withMessage("cannot copy 11 positions of a sequence of 10 to one of at most 11");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> small.copyFrom(source, 6))
          .withMessage("cannot copy 6 positions of a sequence of 10 to one of at most 5");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> half.copyFrom(source, 6))
          .withMessageContaining("both must be alike");
      assertThat(half.length()).isZero();
    }
  }

  @Test
  void aTokenThatDoesNotExistChangesNothing() {
    try (KvCache cache = model.newCache()) {
      int[] start = model.ids(5, 2);
      int[] end = model.ids(3, 3);
      model.logits(cache, start, ALL);
      for (int bad : new int[] {-1, LlamaShape.plain().vocab(), Integer.MAX_VALUE}) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> model.logits(cache, new int[] {1, 2, bad}, ALL))
            .withMessage("token " + bad + " is not in the vocabulary of 259");
        assertThat(cache.length()).isEqualTo(5);
      }
      float[][] actual = model.logits(cache, end, ALL);
      try (KvCache fresh = model.newCache()) {
        model.logits(fresh, start, ALL);
        assertThat(actual).isDeepEqualTo(model.logits(fresh, end, ALL));
      }
    }
  }

  @Test
  void cutsOnlyWhatIsThere() {
    try (KvCache cache = model.newCache()) {
      model.logits(cache, model.ids(5, 4), ALL);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> cache.truncate(6))
          .withMessage("cannot cut a cache of 5 positions to 6");
      assertThatIllegalArgumentException().isThrownBy(() -> cache.truncate(-1));
      assertThat(cache.length()).isEqualTo(5);
    }
  }

  @Test
  void aBatchBelongsToTheLengthItWasMadeFor() {
    try (KvCache cache = model.newCache()) {
      model.logits(cache, model.ids(5, 5), ALL);
      Batch batch = new Batch();
      batch.add(cache, 1, true);
      cache.truncate(3);
      assertThatIllegalStateException()
          .isThrownBy(() -> model.model().forward(batch, model.model().newActivations()))
          .withMessage(
              "the batch continues a sequence of 5 positions, which now has 3; clear it and add the"
                  + " rows again");
      assertThat(cache.length()).isEqualTo(3);
      batch.clear();
      batch.add(cache, 1, true);
      Activations a = model.model().newActivations();
      model.model().forward(batch, a);
      assertThatIllegalStateException()
          .isThrownBy(() -> model.model().forward(batch, a))
          .withMessageContaining("a sequence of 3 positions, which now has 4");
      assertThat(cache.length()).isEqualTo(4);
    }
  }

  @Test
  void aPassAfterCloseIsRefused() {
    KvCache cache = model.newCache();
    model.logits(cache, model.ids(5, 6), ALL);
    cache.close();
    cache.close();
    assertThatIllegalStateException().isThrownBy(() -> model.logits(cache, new int[] {1}, 1));
  }

  @Test
  void aContextNeedsAPosition() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> model.model().newCache(TensorType.F32, 0))
        .withMessage("a context needs at least 1 position, not 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> model.model().newCache(TensorType.Q8_0, 10))
        .withMessageContaining("Q8_0");
  }

  @Test
  void anEmptyPassIsNothing() {
    Activations a = model.model().newActivations();
    model.model().forward(new Batch(), a);
    assertThat(a.logits().rows()).isZero();
  }
}
