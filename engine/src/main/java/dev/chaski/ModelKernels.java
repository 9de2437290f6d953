package dev.chaski;

import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KernelsChoice;
import dev.chaski.kernels.KernelsOptions;
import dev.chaski.model.Placement;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** The kernels that options ask for: one, or a device's and the processor's for what it has not. */
final class ModelKernels implements AutoCloseable {
  private final KernelsChoice choice;
  private final List<Kernels> open;
  private final Placement placement;

  private ModelKernels(KernelsChoice choice, List<Kernels> open, Placement placement) {
    this.choice = choice;
    this.open = open;
    this.placement = placement;
  }

  /**
   * Starts the threads.
   *
   * @throws IllegalArgumentException if the kernels asked for do not exist or cannot work here, or
   *     are not a device's though layers shall be on one
   */
  static ModelKernels open(Options options) {
    KernelsChoice choice =
        options.kernels().map(KernelsChoice::named).orElseGet(KernelsChoice::best);
    KernelsOptions kernelsOptions = new KernelsOptions(options.threads());
    List<Kernels> open = new ArrayList<>();
    try {
      Kernels chosen = choice.provider().create(kernelsOptions);
      open.add(chosen);
      Placement placement = Placement.on(chosen);
      OptionalInt layers = options.gpuLayers();
      boolean isDevice = chosen.deviceSpace().isPresent();
      if (!isDevice && layers.orElse(0) > 0) {
        throw new IllegalArgumentException(
            "%d layers shall be on a device (--gpu-layers), but kernels '%s' compute on the"
                    .formatted(layers.getAsInt(), choice.provider().name())
                + " processor; choose those of a device, such as --kernels tornado");
      }
      if (isDevice && layers.isPresent()) {
        KernelsChoice best = KernelsChoice.best();
        Kernels processor = best.provider().create(kernelsOptions);
        open.add(processor);
        placement = Placement.split(processor, chosen, layers.getAsInt());
        if (layers.getAsInt() == 0) {
          String reason = "0 layers shall be on " + chosen.description();
          choice = new KernelsChoice(best.provider(), reason, best.candidates());
        }
      }
      return new ModelKernels(choice, open, placement);
    } catch (Throwable e) {
      open.forEach(Kernels::close);
      throw e;
    }
  }

  /** The kernels that compute the output, and why. */
  KernelsChoice choice() {
    return choice;
  }

  /** Which compute what. */
  Placement placement() {
    return placement;
  }

  /** Stops the threads. */
  @Override
  public void close() {
    open.forEach(Kernels::close);
  }
}
