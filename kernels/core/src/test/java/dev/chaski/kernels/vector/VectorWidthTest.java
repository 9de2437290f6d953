package dev.chaski.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

class VectorWidthTest {
  /** The pom runs the vector tests at several widths and says here which one this is. */
  @Test
  void theseTestsRunAtTheWidthTheyWereStartedFor() {
    int wanted = Integer.getInteger("chaski.test.vectorBits", 0);
    assumeTrue(wanted > 0, "no width asked for (property chaski.test.vectorBits)");
    int most = 8 * Integer.parseInt(option("MaxVectorSize"));
    assumeTrue(wanted <= most, "this processor has " + most + " bits, not " + wanted);
    assertThat(Lanes.F.vectorBitSize()).isEqualTo(wanted);
    assertThat(VectorProvider.detail()).contains(wanted + " bits");
  }

  @Test
  void shapesFitTogether() {
    assertThat(Lanes.areUsable()).isTrue();
    assertThat(Lanes.F.vectorBitSize()).isEqualTo(32 * Lanes.FLOATS);
    assertThat(Lanes.S.length()).isEqualTo(Lanes.FLOATS);
    assertThat(Lanes.BYTES).isEqualTo(Lanes.BYTE_PARTS * Lanes.FLOATS);
  }

  @Test
  void sumAddsEachLaneOnce() {
    for (int lane = 0; lane < Lanes.FLOATS; lane++) {
      FloatVector one = FloatVector.zero(Lanes.F).withLane(lane, 1);
      assertThat(Lanes.sum(one)).as("lane %d", lane).isEqualTo(1);
    }
    float[] powers = new float[Lanes.FLOATS];
    for (int lane = 0; lane < powers.length; lane++) {
      powers[lane] = 1 << lane;
    }
    assertThat(Lanes.sum(FloatVector.fromArray(Lanes.F, powers, 0)))
        .isEqualTo((1 << Lanes.FLOATS) - 1);
  }

  private static String option(String name) {
    return ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .getVMOption(name)
        .getValue();
  }
}
