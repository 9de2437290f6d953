package dev.chaski.kernels;

import dev.chaski.kernels.KernelsProvider.Probe;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Lets the JVM compile kernels while a model is opened. Until it has compiled them, the Vector API
 * is a hundred times slower, and the JVM compiles only what has run often; so a thread runs them
 * over and over on matrices that are tiny: what all models have in common at once, the rest when it
 * is told what the weights are. Nothing is computed differently afterwards, only sooner.
 *
 * <p>For programs that start to answer one question, together with the options that the launcher
 * gives to the JVM: it then compiles kernels after a tenth of the usual number of runs.
 */
public final class WarmUp implements AutoCloseable {
  /** Tokens of a short prompt. */
  private static final int TOKENS = 16;

  /** Rows of a weight: some of what the kernels of prompts multiply at once, and of tokens. */
  private static final int PROMPT_ROWS = 48;

  private static final int TOKEN_ROWS = 128;
  private static final int MAX_COLUMNS_OF_MODEL = 256; // a block of any type
  private static final int HEADS = 4;
  private static final int HEAD_DIM = 64;

  /**
   * So that what is left of a row, behind its last whole vector, is compiled, too: what was never
   * run is left out, and the kernel thrown away when it is.
   */
  private static final int NOT_WHOLE_VECTORS = HEAD_DIM + 3;

  /** How many times faster compiled kernels are at least than interpreted ones. */
  private static final int GAIN = 60;

  /** Between two rounds: the processors are for those who compile, and who open the model. */
  private static final long PAUSE_NANOS = 500_000;

  private static final int MAX_ROUNDS = 400;

  /** How long an open model waits: slow kernels in its first pass would cost more. */
  private static final long MAX_WAIT_MILLIS = 500;

  private final CompletableFuture<Map<TensorType, Rows>> weights = new CompletableFuture<>();
  private final Thread thread =
      Thread.ofPlatform().name("chaski-warm-up").daemon().unstarted(this::run);
  private final List<Repeated> repeated = new ArrayList<>(); // what is not compiled yet
  private volatile boolean closed;

  /**
   * Some rows of a matrix.
   *
   * @param type how they are stored
   * @param columns values of a row
   * @param data row after row, at least one
   */
  public record Rows(TensorType type, int columns, MemorySegment data) {}

  private WarmUp() {}

  /** Starts a thread that runs the best kernels, if they are of a kind that gains by it. */
  public static WarmUp start() {
    WarmUp warmUp = new WarmUp();
    warmUp.thread.start();
    return warmUp;
  }

  /** Says what a model's matrices are stored in; one of each type is enough. Once. */
  public void weights(Collection<Rows> matrices) {
    Map<TensorType, Rows> byType = new EnumMap<>(TensorType.class);
    matrices.forEach(rows -> byType.putIfAbsent(rows.type(), rows));
    weights.complete(byType);
  }

  /** Waits until it is done, but not long. Afterwards it is not told about weights any more. */
  public void await() {
    weights.complete(Map.of()); // unless they are known
    try {
      thread.join(MAX_WAIT_MILLIS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends it, done or not: afterwards nobody reads what it was given. */
  @Override
  public void close() {
    closed = true;
    weights.complete(Map.of());
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    Optional<KernelsProvider> provider = bestProvider();
    if (provider.isEmpty() || !provider.get().gainsByWarmUp()) {
      return;
    }
    try (Kernels kernels = provider.get().create(new KernelsOptions(1));
        KvSlab slab = kernels.kvSlab(new KvShape(1, HEAD_DIM, TensorType.F16))) {
      common(kernels);
      attention(kernels, slab);
      repeatUntil(weights::isDone);
      for (Rows rows : weights.get().values()) {
        products(kernels, rows);
      }
      repeatUntil(repeated::isEmpty);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e); // nobody fails it
    } catch (InternalError | IllegalStateException _) {
      // The model's file was cut, or closed as it could not be opened: others say so.
    }
  }

  private static Optional<KernelsProvider> bestProvider() {
    return KernelsChoice.probeAll().stream()
        .filter(candidate -> candidate.probe() instanceof Probe.Available)
        .map(KernelsChoice.Candidate::provider)
        .max(Comparator.comparingInt(KernelsProvider::rank));
  }

  /** What does not depend on how weights are stored. */
  private void common(Kernels kernels) {
    Tensor gate = kernels.tensor(TOKENS, NOT_WHOLE_VECTORS);
    Tensor up = kernels.tensor(TOKENS, NOT_WHOLE_VECTORS);
    repeat(() -> kernels.swiGlu(gate, up));
  }

  /** Once, for the compiler to see how exponentials are used; its loops are quick anyway. */
  private static void attention(Kernels kernels, KvSlab slab) {
    slab.reserve(TOKENS);
    int[] at = new int[TOKENS];
    for (int i = 0; i < TOKENS; i++) {
      at[i] = i;
    }
    IntTensor positions = kernels.ints();
    positions.set(at, TOKENS);
    IntTensor sequences = kernels.ints();
    sequences.set(new int[TOKENS], TOKENS);
    KvRows rows = new KvRows(List.of(slab), sequences);
    Tensor k = kernels.tensor(TOKENS, HEAD_DIM);
    Tensor q = kernels.tensor(TOKENS, HEADS * HEAD_DIM);
    Tensor out = kernels.tensor(TOKENS, HEADS * HEAD_DIM);
    kernels.storeKv(rows, k, k, positions);
    kernels.attention(out, q, rows, HEADS, positions);
  }

  /** Products with rows of a model: where they lie matters to the compiler. */
  private void products(Kernels kernels, Rows rows) {
    int columns = Math.min(MAX_COLUMNS_OF_MODEL, rows.columns());
    multiply(kernels, weight(kernels, rows, PROMPT_ROWS, columns), TOKENS);
    multiply(kernels, weight(kernels, rows, TOKEN_ROWS, columns), 1);
  }

  private static Weight weight(Kernels kernels, Rows of, int maxRows, int columns) {
    long rowBytes = of.type().byteSize(columns);
    int rows = (int) Math.min(maxRows, of.data().byteSize() / rowBytes);
    return kernels.weight(of.type(), rows, columns, of.data().asSlice(0, rows * rowBytes));
  }

  private void multiply(Kernels kernels, Weight w, int tokens) {
    Tensor x = kernels.tensor(tokens, w.columns());
    Tensor out = kernels.tensor(tokens, w.rows());
    repeat(() -> {
      kernels.matmul(out, w, x);
      kernels.matmulAdd(out, w, x);
    });
  }

  private void repeat(Runnable operations) {
    repeated.add(new Repeated(operations));
  }

  private void repeatUntil(BooleanSupplier end) {
    while (!closed && !end.getAsBoolean()) {
      repeated.removeIf(Repeated::isCompiledAfterARun);
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  /** Operations that are run until they have become much faster. */
  private static final class Repeated {
    private final Runnable operations;
    private long slowest;
    private int rounds;

    Repeated(Runnable operations) {
      this.operations = operations;
    }

    boolean isCompiledAfterARun() {
      long start = System.nanoTime();
      operations.run();
      long nanos = System.nanoTime() - start;
      slowest = Math.max(slowest, nanos);
      rounds++;
      return nanos < slowest / GAIN || rounds == MAX_ROUNDS;
    }
  }
}
