package dev.chaski.kernels;

import java.lang.foreign.Arena;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * What every provider must do. A subclass names the provider; the tests are in the interfaces, one
 * for each kind of promise.
 */
abstract class KernelsContract
    implements MatmulContract,
        ScaledWeightContract,
        RowsContract,
        AttentionContract,
        ArgumentsContract,
        RepeatabilityContract {
  private final KernelsProvider provider;
  private Kernels kernels;
  private Arena arena;

  KernelsContract(KernelsProvider provider) {
    this.provider = provider;
  }

  @BeforeEach
  void open() {
    arena = Arena.ofShared();
    kernels = create(2);
  }

  @AfterEach
  void close() {
    kernels.close();
    arena.close();
  }

  @Override
  public final Kernels create(int threads) {
    return provider.create(new KernelsOptions(threads));
  }

  @Override
  public final Kernels kernels() {
    return kernels;
  }

  @Override
  public final Arena arena() {
    return arena;
  }
}
