package dev.chaski.kernels.tornado.program;

import dev.chaski.kernels.DeviceException;
import java.util.regex.Pattern;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.exceptions.TornadoInternalError;

/** Calls of the device, which may fail with whatever TornadoVM throws. */
final class DeviceCall {
  private static final Pattern COLOUR = Pattern.compile("\u001B\\[[0-9;]*m");

  /** What TornadoVM puts between its own message and the stack, which it adds as text. */
  private static final Pattern STACK = Pattern.compile("(?s)\\s*Stacktrace: .*");

  private DeviceCall() {}

  /** Runs a graph of a plan and waits for its end. */
  static void execute(TornadoExecutionPlan plan, int graph) {
    try {
      plan.withGraph(graph).execute();
    } catch (RuntimeException | TornadoInternalError e) {
      throw new DeviceException(describe(e.getMessage()), e);
    }
  }

  /** What happened and what to do, in one line. */
  static String describe(String message) {
    String text = message == null ? "no reason given" : message;
    text = COLOUR.matcher(text).replaceAll("");
    text = STACK.matcher(text).replaceAll("").strip().replaceAll("\\s+", " ");
    return "the device failed: "
        + text
        + " (what its driver says is above, if it says anything); see whether other programs take"
        + " its memory, and what 'tornado --devices' says, or use --kernels vector";
  }
}
