package dev.chaski.cli.bench;

import dev.chaski.Chaski;
import dev.chaski.Options;
import dev.chaski.load.LoadedModel;
import dev.chaski.load.ModelInfo;
import dev.chaski.load.TypeCount;
import dev.chaski.measure.Machine;

/**
 * What stays the same for all tests of an open model.
 *
 * @param version of Chaski
 * @param file name of the model's file or folder
 * @param type its size and the types most of it is stored in
 * @param bytes of its tensors
 * @param weights how many it has
 * @param kernels name of what computes
 * @param kernelsDescription the same for people
 * @param options how it was opened
 */
public record BenchSetup(
    String version,
    Machine machine,
    String file,
    String type,
    long bytes,
    long weights,
    String kernels,
    String kernelsDescription,
    Options options) {
  /** The setup of an open model. */
  public static BenchSetup of(String version, String file, Chaski chaski, Options options) {
    LoadedModel loaded = chaski.loaded();
    ModelInfo info = loaded.info();
    TypeCount total = info.total();
    return new BenchSetup(
        version,
        Machine.current(),
        file,
        "llama " + info.summary(),
        total.bytes(),
        total.values(),
        loaded.model().kernels().name(),
        loaded.model().kernelsDescription(),
        options);
  }
}
