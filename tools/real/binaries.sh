#!/usr/bin/env bash
# Makes sure that every binary of a real one-node Kubernetes is there, or those named, and prints the folder that holds them all.
# The first build takes about ten minutes on two cores; afterwards it returns at once.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
kubernetes=v1.36.3 etcd=v3.6.7 containerd=v2.4.2
cache=${FREEHOLD_REAL:-$HOME/.cache/freehold-real}
tools=$cache/kubernetes-$kubernetes-tools
mkdir -p "$tools"

wanted=" $* "
put() { # NAME MODULE VERSION PACKAGE [LDFLAGS]
  [ "$wanted" = "  " ] || case $wanted in *" $1 "*) ;; *) return 0 ;; esac
  [ -x "$tools/$1" ] || ln -sf "$(bash "$here/go-command.sh" "$@")" "$tools/$1"
}
stamp=
for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
  stamp+=" -X $package.gitVersion=$kubernetes -X $package.gitMajor=1 -X $package.gitMinor=36 -X $package.gitTreeState=clean"
  stamp+=" -X $package.gitCommit=0000000000000000000000000000000000000000 -X $package.buildDate=2026-01-01T00:00:00Z"
done
for command in kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy kubectl; do
  put "$command" k8s.io/kubernetes "$kubernetes" "k8s.io/kubernetes/cmd/$command" "$stamp"
done
put etcd go.etcd.io/etcd/server/v3 "$etcd" go.etcd.io/etcd/server/v3
for command in containerd containerd-shim-runc-v2 ctr; do
  put "$command" github.com/containerd/containerd/v2 "$containerd" "github.com/containerd/containerd/v2/cmd/$command"
done
echo "$tools"
