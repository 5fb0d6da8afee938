#!/usr/bin/env bash
# Builds one command of a Go module, once, as a test dependency, and prints the path of the binary.
#   go-command.sh NAME MODULE VERSION PACKAGE [LDFLAGS]
# FREEHOLD_REAL (default ~/.cache/freehold-real) holds the binaries; all of it can be deleted and is built again.
# A module that replaces its own sub-modules by folders (Kubernetes, etcd) gets those sub-modules at the same release instead.
set -euo pipefail
name=$1 module=$2 version=$3 package=$4 ldflags=${5:-}
cache=${FREEHOLD_REAL:-$HOME/.cache/freehold-real}
binary=$cache/bin/$name-$version
mkdir -p "$cache/bin"
if [ -x "$binary" ]; then echo "$binary"; exit 0; fi
command -v go >/dev/null || { echo "go-command: Go is not installed, so $name cannot be built" >&2; exit 3; }

work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
gomod=$(go mod download -json "$module@$version" | sed -n 's/.*"GoMod": "\(.*\)",*/\1/p')
[ -f "$gomod" ] || { echo "go-command: there is no module $module@$version" >&2; exit 3; }

# the lines of one directive (replace, exclude) of the module's go.mod, whether in a block or alone
directive() {
  awk -v word="$1" '$0 ~ "^"word" \\(" {inside=1; next} inside && /^\)/ {inside=0} inside {print}
    $0 ~ "^"word" [^(]" {sub("^"word" ", ""); print}' "$gomod"
}
release=$version
[ "$module" = k8s.io/kubernetes ] && release=v0.${version#v1.}
{
  echo "module test/$name"
  grep -E '^go ' "$gomod"
  echo "require $module $version"
  { directive replace | grep '=>' | grep -vE '=> +\.' || true; } | sed 's/^/replace /'
  directive exclude | sed 's/^/exclude /'
  { directive replace | grep -E '=> +\.' || true; } | awk '{print $1}' | while read -r part; do
    go list -m "$part@$release" >/dev/null 2>&1 && echo "replace $part => $part $release" || true
  done
} > go.mod
printf '//go:build tools\n\npackage tools\n\nimport _ "%s"\n' "$package" > tools.go
CGO_ENABLED=0 go build -mod=mod -trimpath -ldflags "-s -w $ldflags" -o "$binary.part" "$package"
mv "$binary.part" "$binary"
echo "$binary"
