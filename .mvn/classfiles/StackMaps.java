import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Gives old classes of a jar, those of Java 5 and before, the stack maps that Java 7 has brought:
 * {@code StackMaps JAR}. Without them the JVM must work out types anew at every start, and keeps
 * none of these classes in its class archive. Their code and everything else stays as it is.
 * Started from source by the build, on the JDK that compiles the project.
 */
public final class StackMaps {
  private static final int JAVA_6 = 50;

  private StackMaps() {}

  public static void main(String[] args) throws IOException {
    Path jar = Path.of(args[0]);
    Path result = jar.resolveSibling(jar.getFileName() + ".new");
    try (ZipFile from = new ZipFile(jar.toFile());
        URLClassLoader classes = new URLClassLoader(new URL[] {jar.toUri().toURL()});
        OutputStream file = Files.newOutputStream(result);
        ZipOutputStream to = new ZipOutputStream(file)) {
      ClassFile format =
          ClassFile.of(
              StackMapsOption.GENERATE_STACK_MAPS,
              ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(classes)));
      for (ZipEntry entry : Collections.list(from.entries())) {
        byte[] content = from.getInputStream(entry).readAllBytes();
        ZipEntry copy = new ZipEntry(entry.getName());
        copy.setTime(entry.getTime());
        to.putNextEntry(copy);
        to.write(entry.getName().endsWith(".class") ? withStackMaps(format, content) : content);
        to.closeEntry();
      }
    }
    Files.move(result, jar, StandardCopyOption.REPLACE_EXISTING);
  }

  private static byte[] withStackMaps(ClassFile format, byte[] bytes) {
    ClassModel model = format.parse(bytes);
    if (model.majorVersion() >= JAVA_6) {
      return bytes;
    }
    ClassTransform newer =
        ClassTransform.dropping(ClassFileVersion.class::isInstance)
            .andThen(ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL))
            .andThen(ClassTransform.endHandler(it -> it.withVersion(ClassFile.JAVA_8_VERSION, 0)));
    return format.transformClass(model, newer);
  }
}
