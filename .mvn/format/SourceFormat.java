import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * Runs google-java-format over every Java source of the project: {@code SourceFormat check|apply
 * ROOT}. Started from source by the build, on the JDK that compiles the project. Files found clean
 * are remembered by size and time in {@code target/formatter}, and not looked at again.
 */
public final class SourceFormat {
  private static final Set<String> SKIPPED = Set.of("target", ".git");

  private SourceFormat() {}

  public static void main(String[] args) throws IOException {
    boolean apply = args[0].equals("apply");
    Path root = Path.of(args[1]);
    Path remembered = root.resolve("target/formatter/clean.txt");
    Set<String> clean = new HashSet<>();
    if (Files.exists(remembered)) {
      clean.addAll(Files.readAllLines(remembered));
    }
    List<Path> sources = new ArrayList<>();
    collect(root, sources);
    List<String> command = new ArrayList<>();
    command.addAll(apply ? List.of("--replace") : List.of("--dry-run", "--set-exit-if-changed"));
    int options = command.size();
    for (Path source : sources) {
      if (!clean.contains(state(source))) {
        command.add(source.toString());
      }
    }
    int status = 0;
    if (command.size() > options) {
      ToolProvider formatter = ToolProvider.findFirst("google-java-format").orElseThrow();
      status = formatter.run(System.out, System.err, command.toArray(new String[0]));
    }
    if (status == 0) {
      Set<String> states = new TreeSet<>();
      for (Path source : sources) {
        states.add(state(source));
      }
      Files.write(remembered, states);
    } else if (!apply) {
      System.err.println(
          "The files above are not in google-java-format. Repair them with:"
              + " mvn -N validate -Dformat.goal=apply");
    }
    System.exit(status);
  }

  private static String state(Path file) throws IOException {
    return Files.size(file) + " " + Files.getLastModifiedTime(file).toMillis() + " " + file;
  }

  private static void collect(Path folder, List<Path> files) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.sorted().toList()) {
        if (Files.isDirectory(entry) && !SKIPPED.contains(entry.getFileName().toString())) {
          collect(entry, files);
        } else if (entry.toString().endsWith(".java")) {
          files.add(entry);
        }
      }
    }
  }
}
