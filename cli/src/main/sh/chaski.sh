#!/bin/sh
# Chaski, one file: this script, which finds a JDK, and behind its last line the jar that it runs.
#
#   CHASKI_JAVA_OPTS   more options for the JVM, split at spaces
#   CHASKI_JVM_DIRS    folders to look for JDKs in, instead of the usual ones, separated by colons
#   TORNADOVM_HOME     where TornadoVM is installed, for --kernels tornado (or TORNADO_SDK)

minimum=25

# Whether $1 is the home of a new enough JDK; sets vector_flags to what its Vector API needs.
usable() {
  [ -x "$1/bin/java" ] || return 1
  version=''
  vector_flags='--add-modules jdk.incubator.vector'
  if [ -r "$1/release" ]; then
    while IFS='=' read -r key value || [ -n "$key" ]; do
      case $key in
        JAVA_VERSION) version=${value#\"} ;;
        MODULES)
          case " ${value#\"}" in
            *' jdk.incubator.vector'[\ \"]*) ;;
            *) vector_flags='' ;; # not an error: slower, and chaski says so
          esac
          ;;
      esac
    done < "$1/release"
  else
    # Slow, but such a folder is rare: a version manager's stand-in for java, say.
    version=$("$1/bin/java" -version 2>&1 < /dev/null | sed -n 's/^[a-z]* version "\([^"]*\)".*/\1/p')
  fi
  version=${version%%[!0-9]*}
  [ -n "$version" ] && [ "$version" -ge "$minimum" ]
}

# Sets java_home to the first usable JDK.
find_jdk() {
  java_home=${JAVA_HOME:-}
  [ -n "$java_home" ] && usable "$java_home" && return 0

  java=$(command -v java) && [ -x "$java" ] && {
    # java is often a link to a link to the program inside its JDK.
    real=$(readlink -f "$java" 2> /dev/null) && [ -n "$real" ] && java=$real
    java_home=${java%/bin/java}
    [ "$java_home" != "$java" ] && usable "$java_home" && return 0
  }

  folders=/usr/lib/jvm:/usr/lib64/jvm:/usr/java:/usr/local/java:/Library/Java/JavaVirtualMachines
  folders=$folders:/opt:/opt/java:/opt/jdk:/opt/homebrew/opt:/usr/local/opt
  if [ -n "${HOME:-}" ]; then
    folders=$folders:$HOME/.sdkman/candidates/java:$HOME/.jdks:$HOME/.jbang/cache/jdks
    folders=$folders:$HOME/Library/Java/JavaVirtualMachines:$HOME/.asdf/installs/java
    folders=$folders:$HOME/.local/share/mise/installs/java
  fi
  folders=${CHASKI_JVM_DIRS-$folders}
  while [ -n "$folders" ]; do
    folder=${folders%%:*}
    folders=${folders#"$folder"}
    folders=${folders#:}
    [ -d "$folder" ] || continue
    # As it is, inside a macOS bundle, inside a Homebrew package.
    for java_home in "$folder"/* "$folder"/*/Contents/Home "$folder"/*/libexec/openjdk.jdk/Contents/Home; do
      usable "$java_home" && return 0
    done
  done
  return 1
}

if ! find_jdk; then
  echo "chaski: no JDK $minimum or newer found: install one, for example Temurin $minimum from" \
    "https://adoptium.net, or set JAVA_HOME to the one you have" >&2
  exit 1
fi

self=$0
case $self in
  */*) ;;
  *) [ -f "$self" ] || self=$(command -v -- "$self") ;;
esac
case $self in
  /*) ;;
  *) self=$PWD/$self ;;
esac

# Arguments and file names are UTF-8 even where the locale says nothing (cron, ssh, containers).
case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
  *[Uu][Tt][Ff]8* | *[Uu][Tt][Ff]-8*) ;;
  *)
    [ -n "${LC_ALL:-}" ] && unset LC_ALL
    LC_CTYPE=C.UTF-8
    export LC_CTYPE
    ;;
esac

# What Java cannot find out by itself: whether its standard streams are a terminal.
terminals=''
[ -t 0 ] && terminals="$terminals,stdin"
[ -t 1 ] && terminals="$terminals,stdout"
[ -t 2 ] && terminals="$terminals,stderr"

# Serial collector: starts fastest, and generation makes next to no garbage.
case ${CHASKI_JAVA_OPTS:-} in
  *-XX:+Use*GC*) collector='' ;; # there can be only one
  *) collector=-XX:+UseSerialGC ;;
esac

# Java keeps what it found out about our classes in a file, which it makes by itself when the first
# command of a kind ends, and checks at every start; one for each state of this file. Without a place
# for it, or with options that may not go with it, commands merely start slower.
archive=''
case ${CHASKI_JAVA_OPTS:-} in
  *-Xshare* | *-XX:*) ;;
  *)
    cache=${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}
    if [ -n "$cache" ] && mkdir -p "$cache/chaski" 2> /dev/null && [ -w "$cache/chaski" ]; then
      case ${1:-} in
        run | chat) classes=$1 ;;
        *) classes=other ;;
      esac
      key=$(printf '%s\n' "$java_home" "$self" | cksum 2> /dev/null) &&
        state=$(LC_ALL=C ls -lnL "$self" 2> /dev/null | cksum) &&
        archive=$cache/chaski/$classes-${key%% *}-${state%% *}.jsa
      # After an update Java would neither use the old one nor replace it.
      [ -e "$archive" ] || [ -z "$archive" ] || rm -f "$cache/chaski/$classes-${key%% *}"-*.jsa
      # Without its first bytes (written last: someone pulled the plug) Java would complain.
      if [ -e "$archive" ]; then
        case $(od -An -tx1 -N4 "$archive" 2> /dev/null) in
          *'a8 ab 0b f0'* | *'f0 0b ab a8'*) ;;
          *) rm -f "$archive" 2> /dev/null || archive='' ;;
        esac
      fi
    fi
    ;;
esac

# TornadoVM needs to be told to the JVM as it starts, in a file of options that is part of it; and
# flags of ours, without which its results can be wrong, and its arrays, which are outside the heap,
# no larger than that. Only for those who ask: it starts slower.
tornado=''
for argument; do
  case $argument in
    tornado | --kernels=tornado | info) tornado=${TORNADOVM_HOME:-${TORNADO_SDK:-}} ;;
  esac
done
if [ -n "$tornado" ]; then
  if [ ! -r "$tornado/tornado-argfile" ]; then
    echo "chaski: no file tornado-argfile in TornadoVM's folder $tornado: run its command" \
      "'tornado --version' once, which makes it, or set TORNADOVM_HOME to another installation" >&2
    tornado=''
  else
    # There can be only one collector, and no archive of classes beside another module path.
    grep -q -e '-XX:+Use[A-Za-z0-9]*GC' "$tornado/tornado-argfile" && collector=''
    archive=''
  fi
fi

# The JVM's second compiler is what a first answer waits for, so it is told what to compile first:
# the kernels that a warm-up runs, after a tenth of the usual number of runs or so; and late, what its
# time is too precious for: the inside of the Vector API, which nobody calls any more once kernels
# are compiled; attention over a few positions, whose loops are compiled by themselves; what a
# vocabulary is built with, once; and loops that are running (a method that is called again will do).
compile=''
case ${1:-} in
  run | chat)
    compile='-XX:Tier4BackEdgeThreshold=400000 -XX:CompileCommand=quiet'
    scaling=-XX:CompileCommand=CompileThresholdScaling
    kernels=dev.chaski.kernels.vector
    tokenizer=dev.chaski.tokenizer
    for late in 'jdk.incubator.vector.*::*' 'jdk.internal.vm.vector.*::*' \
      $kernels.ShortAttention::attend $kernels.ShortAttention::softmax \
      $kernels.ShortAttention::decode $tokenizer.MergeIds::resolve $tokenizer.MergeTable::insert \
      $tokenizer.TokenTable::append $tokenizer.TokenTable::insert; do
      compile="$compile $scaling,$late,10.0"
    done
    for kernel in $kernels.VectorGemm::times1 $kernels.VectorGemm::times2 \
      $kernels.VectorMath::exp $kernels.VectorKernels::swiGluRow '*Tiles::*'; do
      compile="$compile $scaling,$kernel,0.1"
    done
    # Any earlier and it has not seen yet that weights are in mapped files: half as fast.
    compile="$compile $scaling,*Format::decode,0.6"
    ;;
esac

# No performance file in /tmp. Warnings of the JVM to stderr: stdout is for answers.
set -f # CHASKI_JAVA_OPTS is split into words, but * stays *
# shellcheck disable=SC2086
exec "$java_home/bin/java" \
  ${tornado:+"@$tornado/tornado-argfile"} \
  ${tornado:+-Dtornado.recover.bailout=False -Dtornado.compiler.fullInlining=True} \
  ${tornado:+-Dtornado.tvm.maxbytecodesize=1048576 -Dtornado.device.memory=1024GB} \
  ${tornado:+-XX:MaxDirectMemorySize=1024g} \
  $vector_flags \
  --enable-native-access=ALL-UNNAMED \
  $collector \
  ${archive:+-XX:-PrintWarnings -XX:+AutoCreateSharedArchive "-XX:SharedArchiveFile=$archive"} \
  -XX:-UsePerfData \
  $compile \
  -Xlog:disable -Xlog:all=warning:stderr -Xlog:cds*=off,aot*=off:stderr \
  "-Dchaski.terminals=$terminals" \
  ${CHASKI_JAVA_OPTS:-} \
  -jar "$self" "$@"
