#!/usr/bin/env bash
# Makes two container images from gcc and Debian's busybox-static, as docker archives: images.sh FOLDER
#   localhost/pause:test    the sandbox of a pod
#   localhost/busybox:test  what the sample applications run
set -euo pipefail
out=$1; mkdir -p "$out"; work=$(mktemp -d); trap 'rm -rf "$work"' EXIT

cat > "$work/pause.c" <<'C'
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
static void end(int signal) { (void)signal; _exit(0); }
static void reap(int signal) { (void)signal; while (waitpid(-1, 0, WNOHANG) > 0) {} }
int main(void) {
  signal(SIGINT, end); signal(SIGTERM, end); signal(SIGCHLD, reap);
  for (;;) pause();
}
C
mkdir -p "$work/pause" "$work/busybox"/{bin,etc,tmp,var,root,proc,sys,dev,home,www}
gcc -Os -static -s -o "$work/pause/pause" "$work/pause.c"
cp /bin/busybox "$work/busybox/bin/busybox"
for applet in $(/bin/busybox --list); do [ "$applet" = busybox ] || ln -s busybox "$work/busybox/bin/$applet"; done
chmod 1777 "$work/busybox/tmp"
printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' > "$work/busybox/etc/passwd"
printf 'root:x:0:\nnogroup:x:65534:\n' > "$work/busybox/etc/group"

archive() { # NAME ENTRYPOINT_JSON COMMAND_JSON
  local image="$work/image-$1" layer config
  mkdir -p "$image"
  tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -C "$work/$1" -cf "$image/layer.tar" .
  layer=$(sha256sum "$image/layer.tar" | cut -d' ' -f1)
  mkdir "$image/$layer"; mv "$image/layer.tar" "$image/$layer/layer.tar"
  printf '{"architecture":"amd64","os":"linux","created":"1970-01-01T00:00:00Z","config":{"Env":["PATH=/bin"],"Entrypoint":%s,"Cmd":%s,"WorkingDir":"/"},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]},"history":[{"created":"1970-01-01T00:00:00Z"}]}' \
    "$2" "$3" "$layer" > "$image/config.json"
  config=$(sha256sum "$image/config.json" | cut -d' ' -f1)
  mv "$image/config.json" "$image/$config.json"
  printf '[{"Config":"%s.json","RepoTags":["localhost/%s:test"],"Layers":["%s/layer.tar"]}]' "$config" "$1" "$layer" > "$image/manifest.json"
  tar -C "$image" --owner=0 --group=0 -cf "$out/$1.tar" manifest.json "$config.json" "$layer"
}
archive pause '["/pause"]' null
archive busybox null '["sh"]'
