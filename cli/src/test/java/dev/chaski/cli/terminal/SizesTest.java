package dev.chaski.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SizesTest {
  @Test
  void bytesAreCountedInUnits() {
    assertThat(Sizes.bytes(0)).isEqualTo("0 B");
    assertThat(Sizes.bytes(1023)).isEqualTo("1023 B");
    assertThat(Sizes.bytes(1024)).isEqualTo("1.0 KiB");
    assertThat(Sizes.bytes(4_636_416)).isEqualTo("4.4 MiB");
    assertThat(Sizes.bytes(810L << 30)).isEqualTo("810.0 GiB");
    assertThat(Sizes.bytes(5000L << 40)).isEqualTo("5000.0 TiB");
  }

  @Test
  void thousandsAreGrouped() {
    assertThat(Sizes.grouped(4_295_440)).isEqualTo("4,295,440");
  }
}
