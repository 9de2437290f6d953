package dev.chaski.cli.terminal;

import dev.chaski.format.ModelFormatException;
import dev.chaski.format.UnsupportedModelException;
import dev.chaski.tokenizer.TokenizerFormatException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Says what is wrong with a file. */
public final class FileFaults {
  private FileFaults() {}

  /** The fault for people: the JDK's own exceptions often say no more than the file's name. */
  public static String describe(IOException e) {
    return switch (e) {
      case ModelFormatException _, UnsupportedModelException _, TokenizerFormatException _ ->
          e.getMessage();
      case NoSuchFileException missing when missing.getReason() == null ->
          missing.getFile() + ": there is no such file";
      case AccessDeniedException denied -> denied.getFile() + ": permission denied";
      case FileAlreadyExistsException exists -> exists.getFile() + ": exists already";
      case FileSystemException other when other.getReason() == null ->
          other.getFile() + ": cannot be read or written";
      default -> e.getMessage() == null ? e.toString() : e.getMessage();
    };
  }
}
