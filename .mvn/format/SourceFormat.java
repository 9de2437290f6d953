import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * Runs google-java-format over every Java source of the project: {@code SourceFormat check|apply
 * ROOT}. Started from source by the build, on the JDK that compiles the project.
 */
public final class SourceFormat {
  private static final Set<String> SKIPPED = Set.of("target", ".git");

  private SourceFormat() {}

  public static void main(String[] args) throws IOException {
    boolean apply = args[0].equals("apply");
    List<String> command = new ArrayList<>();
    command.addAll(apply ? List.of("--replace") : List.of("--dry-run", "--set-exit-if-changed"));
    collect(Path.of(args[1]), command);
    ToolProvider formatter = ToolProvider.findFirst("google-java-format").orElseThrow();
    int status = formatter.run(System.out, System.err, command.toArray(new String[0]));
    if (status != 0 && !apply) {
      System.err.println(
          "The files above are not in google-java-format. Repair them with:"
              + " mvn -N validate -Dformat.goal=apply");
    }
    System.exit(status);
  }

  private static void collect(Path folder, List<String> files) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.sorted().toList()) {
        if (Files.isDirectory(entry) && !SKIPPED.contains(entry.getFileName().toString())) {
          collect(entry, files);
        } else if (entry.toString().endsWith(".java")) {
          files.add(entry.toString());
        }
      }
    }
  }
}
