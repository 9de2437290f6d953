package dev.chaski.kernels;

import dev.chaski.kernels.KernelsProvider.Probe;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;

/**
 * Which kernels a process uses, and why. Made once when a model is opened, then the kernels are
 * passed on as an argument.
 *
 * @param provider the one chosen
 * @param reason one sentence for people
 * @param candidates every provider found with its answer, best first
 */
public record KernelsChoice(KernelsProvider provider, String reason, List<Candidate> candidates) {
  private static final System.Logger LOG = System.getLogger(KernelsChoice.class.getName());

  /** A provider and whether it works here. */
  public record Candidate(KernelsProvider provider, Probe probe) {}

  public KernelsChoice {
    candidates = List.copyOf(candidates);
  }

  /**
   * The best provider that works. Where a better one does not, the reason and the remedy are in
   * {@link #reason} and logged as a warning.
   */
  public static KernelsChoice best() {
    List<Candidate> candidates = probeAll();
    List<String> refusals = new ArrayList<>();
    for (Candidate candidate : candidates) {
      switch (candidate.probe()) {
        case Probe.Available(String detail) -> {
          String reason = detail;
          if (!refusals.isEmpty()) {
            reason = detail + "; better kernels cannot be used: " + String.join("; ", refusals);
            LOG.log(System.Logger.Level.WARNING, candidate.provider().name() + ": " + reason);
          }
          return new KernelsChoice(candidate.provider(), reason, candidates);
        }
        case Probe.Unavailable(String reason, String remedy) ->
            refusals.add(candidate.provider().name() + " (" + reason + "; " + remedy + ")");
      }
    }
    throw new IllegalStateException(
        "no kernels work in this JVM: " + String.join("; ", refusals) + "; is the jar complete?");
  }

  /**
   * The provider called {@code name}.
   *
   * @throws IllegalArgumentException if there is none of that name, or it cannot work here; the
   *     message says why and what to do
   */
  public static KernelsChoice named(String name) {
    List<Candidate> candidates = probeAll();
    for (Candidate candidate : candidates) {
      if (candidate.provider().name().equals(name)) {
        return switch (candidate.probe()) {
          case Probe.Available(String detail) ->
              new KernelsChoice(candidate.provider(), detail + "; asked for", candidates);
          case Probe.Unavailable(String reason, String remedy) ->
              throw new IllegalArgumentException(
                  "kernels '" + name + "' cannot be used: " + reason + "; " + remedy);
        };
      }
    }
    List<String> names = candidates.stream().map(c -> c.provider().name()).toList();
    throw new IllegalArgumentException(
        "no kernels called '" + name + "'; there are " + names + remedyFor(name));
  }

  /** What to do about kernels that this build could have, but has not. */
  private static String remedyFor(String name) {
    String install = "install TornadoVM 5.2 for JDK 25 (tornadovm.org), set TORNADOVM_HOME";
    return name.equals("tornado")
        ? "; for a GPU, %s and build with 'mvn -Ptornado package'".formatted(install)
        : "";
  }

  /** Every provider found, best first. */
  static List<Candidate> probeAll() {
    return ServiceLoader.load(KernelsProvider.class, KernelsProvider.class.getClassLoader())
        .stream()
        .map(ServiceLoader.Provider::get)
        .sorted(Comparator.comparingInt(KernelsProvider::rank).reversed())
        .map(provider -> new Candidate(provider, provider.probe()))
        .toList();
  }
}
