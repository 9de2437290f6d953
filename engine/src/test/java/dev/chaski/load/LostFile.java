package dev.chaski.load;

import dev.chaski.ProjectFiles;
import dev.chaski.format.FileAccess;
import dev.chaski.generate.GenerationListener;
import dev.chaski.generate.GenerationOptions;
import dev.chaski.generate.Generator;
import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KernelsChoice;
import dev.chaski.kernels.KernelsOptions;
import dev.chaski.kernels.TensorType;
import dev.chaski.model.Placement;
import dev.chaski.sample.SamplingOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.function.Consumer;

/**
 * A program of its own, as what it does may end the JVM: answers until everything is compiled, does
 * something to the file of the model, goes on, and prints what came of it.
 */
final class LostFile {
  private static final int WARM_UP_ANSWERS = 12;
  private static final int TOKENS = 80;

  private LostFile() {}

  /** Things that happen to files. */
  enum Mishap {
    /** Nothing is left. */
    EMPTIED,
    /** The end is missing. */
    CUT,
    /** Another download begins to write into it. */
    OVERWRITTEN,
    /** It gets another time and the bytes it has: harmless. */
    TOUCHED,
    /** Another file takes its name: harmless. */
    REPLACED,
    /** It is deleted: harmless. */
    DELETED
  }

  /** Arguments: kernels, access, mishap, folder. */
  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[3], "model.gguf");
    Files.copy(ProjectFiles.embeddedModel(), file, StandardCopyOption.REPLACE_EXISTING);
    Mishap mishap = Mishap.valueOf(args[2]);
    try (Kernels kernels = KernelsChoice.named(args[0]).provider().create(new KernelsOptions(2));
        LoadedModel loaded =
            GgufLoader.load(
                file, Placement.on(kernels), FileAccess.valueOf(args[1]), WeightsListener.NONE);
        Generator generator = generator(loaded)) {
      String expected = answer(generator, _ -> {});
      for (int i = 0; i < WARM_UP_ANSWERS; i++) {
        answer(generator, _ -> {});
      }
      boolean[] done = new boolean[1];
      try {
        String answer =
            answer(
                generator,
                _ -> {
                  if (!done[0]) {
                    done[0] = true;
                    inflict(mishap, file);
                  }
                });
        print(answer.equals(expected) ? "the same answer" : "another answer");
      } catch (UncheckedIOException e) {
        print(e.getMessage());
      }
    }
    print("still running");
  }

  private static Generator generator(LoadedModel loaded) throws IOException {
    return new Generator(
        loaded.model(),
        loaded.tokenizer().tokenizer(),
        loaded.tokenizer().stops(),
        loaded.model().newCache(TensorType.F16, 256),
        32);
  }

  private static String answer(Generator generator, Consumer<String> onText) {
    generator.reset();
    GenerationOptions options =
        GenerationOptions.defaults()
            .withSampling(SamplingOptions.greedy())
            .withIgnoreStopTokens(true)
            .withMaxTokens(TOKENS);
    GenerationListener listener =
        new GenerationListener() {
          @Override
          public void onText(String piece) {
            onText.accept(piece);
          }
        };
    return generator.generate(new int[] {256, 72, 101, 108, 108, 111}, options, listener).text();
  }

  private static void inflict(Mishap mishap, Path file) {
    try {
      switch (mishap) {
        case EMPTIED -> cut(file, 0);
        case CUT -> cut(file, Files.size(file) / 2);
        case OVERWRITTEN -> {
          try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(StandardCharsets.UTF_8.encode("GGUF, another one"), 0);
          }
        }
        case TOUCHED -> {
          try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(StandardCharsets.UTF_8.encode("GGUF"), 0);
          }
          Files.setLastModifiedTime(file, FileTime.fromMillis(0));
        }
        case REPLACED -> {
          Path other = Files.writeString(file.resolveSibling("other"), "something else");
          Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        }
        case DELETED -> Files.delete(file);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void cut(Path file, long size) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(size);
    }
  }

  private static void print(String line) {
    System.out.println(line);
  }
}
