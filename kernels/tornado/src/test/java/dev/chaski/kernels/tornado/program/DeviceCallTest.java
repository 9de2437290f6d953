package dev.chaski.kernels.tornado.program;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DeviceCallTest {
  @Test
  void aFailureIsOneLineWithoutColoursAndStack() {
    String message =
        "\u001B[31mBailout is disabled. \nReason: \u001B[31mUnable to compile task s1.k2\n"
            + "Error with the driver\u001B[0m\nStacktrace: [a.b.C.d(C.java:1),\n e]\u001B[0m";
    assertThat(DeviceCall.describe(message))
        .startsWith(
            "the device failed: Bailout is disabled. Reason: Unable to compile task s1.k2 Error"
                + " with the driver (what its driver says is above")
        .endsWith("or use --kernels vector")
        .doesNotContain("\u001B", "\n", "Stacktrace");
  }

  @Test
  void aFailureWithoutAReasonIsOneToo() {
    assertThat(DeviceCall.describe(null)).startsWith("the device failed: no reason given (");
  }
}
