package dev.chaski.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version the build wrote into the jar, and the Java that runs it. */
final class CommandVersion implements IVersionProvider {
  @Override
  public String[] getVersion() throws IOException {
    return new String[] {
      "chaski " + number(),
      "Java "
          + Runtime.version()
          + ", "
          + System.getProperty("os.name")
          + " "
          + System.getProperty("os.arch")
    };
  }

  /** The version alone: {@code 0.1.0}. */
  static String number() throws IOException {
    Properties properties = new Properties();
    try (InputStream in = CommandVersion.class.getResourceAsStream("version.properties")) {
      properties.load(in);
    }
    return properties.getProperty("version");
  }
}
