package dev.chaski.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file that users get, run as they run it. */
class ChaskiExecutableIT {
  private static final Path EXECUTABLE = Path.of(System.getProperty("chaski.executable"));
  private static final Path RUNNING_JDK = Path.of(System.getProperty("java.home"));

  /** What the JVM itself says when stderr is no terminal. */
  private static final String JVM_WARNING =
      "WARNING: Using incubator modules: jdk.incubator.vector\n";

  private static final int CLASS_FILE_VERSION_END = 8; // magic:u32  minor:u16  major:u16
  private static final int JAVA_7 = 51;

  @TempDir private Path folder;

  private record Result(int status, String out, String err) {}

  @BeforeEach
  void needsAShell() {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "needs /bin/sh");
  }

  @Test
  void answersWithJavaHome() throws Exception {
    Result result = run(javaHome(), EXECUTABLE, "run", "-p", "Hello!", "--temp", "0", "-q");

    assertThat(result).isEqualTo(new Result(0, "Hello! How can I help you?\n", ""));
  }

  @Test
  void runsThroughALinkInAFolderWithSpaces() throws Exception {
    Path spaced = Files.createDirectories(folder.resolve("a folder"));
    Path copy = Files.copy(EXECUTABLE, spaced.resolve("chaski copy"));
    copy.toFile().setExecutable(true);
    Path link = Files.createSymbolicLink(folder.resolve("the link"), copy);

    assertThat(run(javaHome(), link, "tokenize", "Hello  *!").out())
        .isEqualTo(run(javaHome(), EXECUTABLE, "tokenize", "Hello  *!").out())
        .startsWith("[");
  }

  @Test
  void runsWhenTheShellIsGivenItsName() throws Exception {
    Files.copy(EXECUTABLE, folder.resolve("chaski"));

    Result result = run(javaHome(), Path.of("/bin/sh"), "chaski", "--version");
    assertThat(result.out()).startsWith("chaski ");
  }

  @Test
  void keepsWhatStartsItFasterAndMakesItAgainWhenItIsBroken() throws Exception {
    Path cache = folder.resolve("a cache");
    Map<String, String> environment =
        Map.of("JAVA_HOME", RUNNING_JDK.toString(), "XDG_CACHE_HOME", cache.toString());
    Result first = run(environment, EXECUTABLE, "--version");
    assertThat(first.out()).startsWith("chaski ");
    assertThat(first.err()).isEmpty();
    Path archive = archives(cache).getFirst();
    assertThat(run(environment, EXECUTABLE, "--version")).isEqualTo(first);

    Files.writeString(archive, "broken");
    assertThat(run(environment, EXECUTABLE, "--version")).isEqualTo(first);
    assertThat(run(environment, EXECUTABLE, "--version")).isEqualTo(first);
    assertThat(Files.size(archive)).as("made again").isGreaterThan(100_000);
  }

  @Test
  void makesItAgainAfterAnUpdate() throws Exception {
    Path cache = folder.resolve("cache");
    Map<String, String> environment =
        Map.of("JAVA_HOME", RUNNING_JDK.toString(), "XDG_CACHE_HOME", cache.toString());
    Path copy = Files.copy(EXECUTABLE, folder.resolve("chaski"));
    assertThat(copy.toFile().setExecutable(true)).isTrue();
    run(environment, copy, "--version");
    List<Path> before = archives(cache);

    FileTime time = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
    Files.setLastModifiedTime(copy, time);
    run(environment, copy, "--version");

    assertThat(before).hasSize(1);
    assertThat(archives(cache)).hasSize(1).doesNotContainAnyElementsOf(before);
  }

  private static List<Path> archives(Path cache) throws IOException {
    try (Stream<Path> files = Files.list(cache.resolve("chaski"))) {
      return files.toList();
    }
  }

  /** The JVM checks classes without stack maps at every start, and does not keep them. */
  @Test
  void allClassesHaveStackMaps() throws Exception {
    try (ZipFile jar = new ZipFile(EXECUTABLE.toFile())) {
      List<String> old = new ArrayList<>();
      for (ZipEntry entry : Collections.list(jar.entries())) {
        if (entry.getName().endsWith(".class")) {
          byte[] start = jar.getInputStream(entry).readNBytes(CLASS_FILE_VERSION_END);
          if (start[CLASS_FILE_VERSION_END - 1] < JAVA_7) {
            old.add(entry.getName());
          }
        }
      }
      assertThat(jar.getEntry("picocli/CommandLine.class")).isNotNull();
      assertThat(old).isEmpty();
    }
  }

  @Test
  void runsWhereNothingCanBeKept() throws Exception {
    Path file = Files.createFile(folder.resolve("no folder"));
    for (String variable : List.of("HOME", "XDG_CACHE_HOME")) {
      Map<String, String> environment =
          Map.of("JAVA_HOME", RUNNING_JDK.toString(), variable, file.toString());
      Result result = run(environment, EXECUTABLE, "--version");
      assertThat(result.out()).startsWith("chaski ");
      assertThat(result.err()).isEmpty();
    }
  }

  @Test
  void findsJavaOnThePath() throws Exception {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("java"), RUNNING_JDK.resolve("bin/java"));
    Map<String, String> environment = Map.of("PATH", bin + ":/usr/bin:/bin", "CHASKI_JVM_DIRS", "");

    assertThat(run(environment, EXECUTABLE, "--version").out())
        .contains("Java " + Runtime.version());
    Files.delete(bin.resolve("java"));
  }

  @Test
  void findsAJdkInTheUsualFoldersAndPassesOverOldOnes() throws Exception {
    Path jvms = Files.createDirectories(folder.resolve("j v m"));
    fakeJdk(jvms.resolve("a-17"), "JAVA_VERSION=\"17.0.1\"\n");
    fakeJdk(jvms.resolve("b-8"), "JAVA_VERSION=\"1.8.0_402\"\n");
    fakeJdk(jvms.resolve("c-unknown"), "IMPLEMENTOR=\"nobody\"\n");
    fakeJdk(jvms.resolve("d-new"), "JAVA_VERSION=\"%s\"\n".formatted(Runtime.version().feature()));
    Map<String, String> environment =
        Map.of(
            "PATH", tools().toString(),
            "JAVA_HOME", jvms.resolve("a-17").toString(),
            "CHASKI_JVM_DIRS", folder.resolve("nothing") + ":" + jvms);

    assertThat(run(environment, EXECUTABLE, "--version").out())
        .contains("Java " + Runtime.version());
  }

  @Test
  void asksJavaItselfWhereThereIsNoReleaseFile() throws Exception {
    standIn(folder.resolve("jvms/jdk/bin/java"), RUNNING_JDK.resolve("bin/java"));
    Map<String, String> environment =
        Map.of("PATH", tools().toString(), "CHASKI_JVM_DIRS", folder.resolve("jvms").toString());

    assertThat(run(environment, EXECUTABLE, "--version").out()).startsWith("chaski ");
  }

  @Test
  void saysWhatToInstallWhereThereIsNoJdk() throws Exception {
    Path jvms = Files.createDirectories(folder.resolve("jvms"));
    fakeJdk(jvms.resolve("old"), "JAVA_VERSION=\"24.0.2\"\n");
    Map<String, String> environment =
        Map.of("PATH", tools().toString(), "CHASKI_JVM_DIRS", jvms.toString());
    Result result = run(environment, EXECUTABLE, "run", "-p", "Hello!");

    assertThat(result.err())
        .startsWith("chaski: no JDK 25 or newer found: install one")
        .contains("JAVA_HOME");
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.status()).isEqualTo(1);
  }

  @Test
  void worksWithoutVectorApiAndSaysSoOnce() throws Exception {
    Path jdk = folder.resolve("jvms/small");
    fakeJdk(jdk, "JAVA_VERSION=\"25\"\nMODULES=\"java.base java.logging\"\n");
    Map<String, String> environment =
        Map.of("PATH", tools().toString(), "JAVA_HOME", jdk.toString());
    Result result =
        run(environment, EXECUTABLE, "run", "-p", "Hello!", "--temp", "0", "-q", "-n", "2");

    assertThat(result.out()).isEqualTo("Hello!\n");
    assertThat(result.err()).startsWith("chaski: warning: ").contains("jdk.incubator.vector");
    assertThat(result.err().lines()).hasSize(1);
  }

  @Test
  void textIsUtf8WhateverTheLocale() throws Exception {
    Map<String, String> environment = Map.of("JAVA_HOME", RUNNING_JDK.toString(), "LC_ALL", "C");
    Path file = folder.resolve("\u00e9.bin");

    assertThat(run(environment, EXECUTABLE, "tokenize", "--pieces", "\u00e9").out())
        .contains("c3", "a9");
    assertThat(
            run(
                environment,
                EXECUTABLE,
                "run",
                "-q",
                "--temp",
                "0",
                "-p",
                "Translate \"father\" into French."))
        .isEqualTo(new Result(0, "\"Father\" in French is \"p\u00e8re\".\n", ""));
    assertThat(run(environment, EXECUTABLE, "logits", "--ids", "1", "-o", file.toString()).out())
        .contains("\u00e9.bin");
    assertThat(file).exists();
  }

  @Test
  void optionsForTheJvmArePassedOn() throws Exception {
    Map<String, String> environment =
        Map.of(
            "JAVA_HOME",
            RUNNING_JDK.toString(),
            "CHASKI_JAVA_OPTS",
            "-Xmx64m  -XX:+UseParallelGC -Dos.name=Chaski*OS");

    assertThat(run(environment, EXECUTABLE, "--version").out()).contains("Chaski*OS");
  }

  @Test
  void failuresOfTheJvmAreNotLost() throws Exception {
    Map<String, String> environment =
        Map.of("JAVA_HOME", RUNNING_JDK.toString(), "CHASKI_JAVA_OPTS", "-XX:+NoSuchFlag");
    Result result = run(environment, EXECUTABLE, "--version");

    assertThat(result.status()).isNotZero();
    assertThat(result.err()).contains("NoSuchFlag");
  }

  @Test
  void readerThatLeavesEndsItQuietly() throws Exception {
    String script =
        "'%s' run -q --temp 0 -p 'Count to 10.' < /dev/null | head -c 3; echo"
            .formatted(EXECUTABLE.toAbsolutePath());
    Result result = run(javaHome(), Path.of("/bin/sh"), "-c", script);

    assertThat(result).isEqualTo(new Result(0, "1, \n", ""));
  }

  @Test
  void interruptIsStatus130AndEndsTheLine() throws Exception {
    assumeTrue(!interruptsAreIgnored(), "interrupts are ignored here, as in a background job");
    Process process =
        process(
                javaHome(),
                EXECUTABLE,
                "run",
                "-q",
                "--raw",
                "--ignore-eos",
                "-c",
                "1000000",
                "-p",
                "Once upon a time")
            .redirectOutput(ProcessBuilder.Redirect.PIPE)
            .start();
    try (InputStream out = process.getInputStream()) {
      assertThat(out.read()).as("first byte of a story that does not end").isPositive();
      new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start();
      String rest = new String(out.readAllBytes(), StandardCharsets.UTF_8);

      assertThat(rest).endsWith("\n");
      assertThat(process.waitFor()).isEqualTo(130);
    } finally {
      process.destroyForcibly();
    }
  }

  /** Whether the processes we start inherit that SIGINT does nothing. */
  private static boolean interruptsAreIgnored() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return false;
    }
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("SigIgn:"))
          .map(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
          .anyMatch(mask -> (mask & 1 << 1) != 0);
    }
  }

  private static Map<String, String> javaHome() {
    return Map.of("JAVA_HOME", RUNNING_JDK.toString());
  }

  /** A JDK by its release file, which runs the JDK of this test. */
  private static void fakeJdk(Path home, String release) throws IOException {
    standIn(home.resolve("bin/java"), RUNNING_JDK.resolve("bin/java"));
    Files.writeString(home.resolve("release"), release);
  }

  /** A script that runs a program. */
  private static void standIn(Path script, Path program) throws IOException {
    Files.createDirectories(script.getParent());
    Files.writeString(script, "#!/bin/sh\nexec '%s' \"$@\"\n".formatted(program));
    assertThat(script.toFile().setExecutable(true)).isTrue();
  }

  /** A folder with the programs the launcher may use, and no Java. */
  private Path tools() throws IOException {
    for (String name : List.of("sed", "readlink")) {
      Path program =
          Stream.of("/usr/bin", "/bin")
              .map(path -> Path.of(path, name))
              .filter(Files::isExecutable)
              .findFirst()
              .orElseThrow();
      standIn(folder.resolve("tools").resolve(name), program);
    }
    return folder.resolve("tools");
  }

  /** Runs a program in the test's folder and waits for its end. */
  private Result run(Map<String, String> environment, Path program, String... args)
      throws IOException, InterruptedException {
    int status = process(environment, program, args).start().waitFor();
    return new Result(
        status,
        Files.readString(folder.resolve("stdout")),
        Files.readString(folder.resolve("stderr")).replace(JVM_WARNING, ""));
  }

  /** A program to run in the test's folder; of the environment it gets PATH, and what is given. */
  private ProcessBuilder process(Map<String, String> environment, Path program, String... args) {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(List.of(args));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(folder.resolve("stdout").toFile())
            .redirectError(folder.resolve("stderr").toFile());
    String path = builder.environment().get("PATH");
    builder.environment().clear();
    builder.environment().put("PATH", path);
    builder.environment().putAll(environment);
    return builder;
  }
}
