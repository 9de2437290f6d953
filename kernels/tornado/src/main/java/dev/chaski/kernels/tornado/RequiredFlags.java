package dev.chaski.kernels.tornado;

import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * Flags of TornadoVM that decide whether results are right; it reads them as the JVM starts, so
 * they cannot be set later.
 */
final class RequiredFlags {
  private static final List<String> ALL =
      List.of(
          // Else a kernel that does not compile runs as sequential Java, which it is not.
          "-Dtornado.recover.bailout=False",
          // Else kernels of more than 600 nodes are refused.
          "-Dtornado.compiler.fullInlining=True",
          // Else a graph has at most 4096 bytes of instructions, some ten kernels.
          "-Dtornado.tvm.maxbytecodesize=");

  private RequiredFlags() {}

  /** Those that the JVM was started without. */
  static List<String> missing() {
    List<String> given = ManagementFactory.getRuntimeMXBean().getInputArguments();
    return ALL.stream()
        .filter(flag -> given.stream().noneMatch(argument -> argument.startsWith(flag)))
        .toList();
  }
}
