#!/usr/bin/env bash
# A real control plane on loopback, without machines: what the embedded Kubernetes is compared with. Go at hand for the first time.
#   control-plane.sh can             exit 0 where it can run; else says what is missing
#   control-plane.sh up              etcd and kube-apiserver alone; prints the kubeconfig of the administrator
#   control-plane.sh up with-nodes   with controller-manager, scheduler and NODES (3) nodes simulated by kwok
#   control-plane.sh down            stops everything by pid and removes the state
# FLAGS: more of the kube-apiserver, e.g. whom else it believes.
# QPS: requests a second that controllers and scheduler may send, where the default is to be lifted.
# STATE: its folder (default /tmp/freehold-real-control-plane); PORT: of the API server (default 26443), the next two are etcd's.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
state=${STATE:-${TMPDIR:-/tmp}/freehold-real-control-plane} port=${PORT:-26443}
cache=${FREEHOLD_REAL:-$HOME/.cache/freehold-real} kwok=v0.8.0
pki=$state/pki etcd=$((port + 1)) peer=$((port + 2))

can() {
  command -v openssl >/dev/null || { echo "the real control plane needs openssl"; return 1; }
  command -v go >/dev/null || [ -x "$cache/bin/kube-apiserver-v1.36.3" ] || { echo "the real control plane needs Go, to be built"; return 1; }
}
background() { # NAME COMMAND...
  local name=$1; shift
  nohup "$@" >"$state/log/$name.log" 2>&1 </dev/null & echo $! > "$state/run/$name.pid"
}
as() { # NAME: the flags with which a component reaches the API server
  echo "--kubeconfig=$pki/$1.kubeconfig --authentication-kubeconfig=$pki/$1.kubeconfig --authorization-kubeconfig=$pki/$1.kubeconfig --leader-elect=false --secure-port=0"
}
api_server() {
  background etcd etcd --name real --data-dir "$state/etcd" --logger zap \
    --listen-client-urls http://127.0.0.1:$etcd --advertise-client-urls http://127.0.0.1:$etcd \
    --listen-peer-urls http://127.0.0.1:$peer --initial-advertise-peer-urls http://127.0.0.1:$peer --initial-cluster real=http://127.0.0.1:$peer
  # shellcheck disable=SC2086 # flags without spaces
  background apiserver kube-apiserver ${FLAGS:-} --etcd-servers=http://127.0.0.1:$etcd --bind-address=127.0.0.1 --secure-port="$port" \
    --advertise-address=10.99.0.1 --tls-cert-file="$pki/apiserver.crt" --tls-private-key-file="$pki/apiserver.key" --client-ca-file="$pki/ca.crt" \
    --service-account-key-file="$pki/sa.pub" --service-account-signing-key-file="$pki/sa.key" \
    --service-account-issuer=https://kubernetes.default.svc.cluster.local --service-cluster-ip-range=10.96.0.0/16 \
    --token-auth-file="$pki/tokens.csv" --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction --allow-privileged=true \
    --requestheader-client-ca-file="$pki/front-proxy-ca.crt" --requestheader-allowed-names=front-proxy-client \
    --requestheader-extra-headers-prefix=X-Remote-Extra- --requestheader-group-headers=X-Remote-Group --requestheader-username-headers=X-Remote-User \
    --proxy-client-cert-file="$pki/front-proxy-client.crt" --proxy-client-key-file="$pki/front-proxy-client.key"
  for _ in $(seq 1200); do
    [ "$(kubectl --kubeconfig "$pki/admin.kubeconfig" get --raw /readyz 2>/dev/null)" = ok ] && return 0; sleep 0.05
  done
  echo "control-plane.sh: the API server is not ready after a minute; see $state/log" >&2; return 1
}
nodes() {
  local limits=${QPS:+--kube-api-qps=$QPS --kube-api-burst=$QPS}
  # shellcheck disable=SC2046 # flags without spaces
  background controller-manager kube-controller-manager $(as controller-manager) $limits --use-service-account-credentials \
    --service-account-private-key-file="$pki/sa.key" --root-ca-file="$pki/ca.crt" \
    --cluster-signing-cert-file="$pki/ca.crt" --cluster-signing-key-file="$pki/ca.key"
  # shellcheck disable=SC2046 # as above
  background scheduler kube-scheduler $(as scheduler) $limits
  local tool stages config=() file number
  tool=$(bash "$here/go-command.sh" kwok sigs.k8s.io/kwok $kwok sigs.k8s.io/kwok/cmd/kwok)
  stages=$(cd "$state" && go mod download -json sigs.k8s.io/kwok@$kwok | sed -n 's/.*"Dir": "\(.*\)",*/\1/p')/kustomize/stage
  for file in "$stages"/node/fast/node-initialize.yaml "$stages"/node/heartbeat-with-lease/node-heartbeat-with-lease.yaml \
    "$stages"/pod/fast/pod-{ready,complete,delete}.yaml; do config+=(--config="$file"); done
  background kwok "$tool" --kubeconfig="$pki/admin.kubeconfig" --manage-all-nodes --node-lease-duration-seconds=40 --cidr=10.89.0.1/16 "${config[@]}"
  for number in $(seq "${NODES:-3}"); do
    kubectl --kubeconfig "$pki/admin.kubeconfig" create -f - >/dev/null <<N
{"apiVersion":"v1","kind":"Node","metadata":{"name":"node-$number","labels":{"kubernetes.io/hostname":"node-$number","kubernetes.io/os":"linux"}},
 "status":{"capacity":{"cpu":"8","memory":"32Gi","pods":"110"},"allocatable":{"cpu":"8","memory":"32Gi","pods":"110"}}}
N
  done
}
stop() { # NAME
  local file=$state/run/$1.pid pid
  [ -f "$file" ] || return 0
  pid=$(cat "$file"); kill "$pid" 2>/dev/null || true
  for _ in $(seq 100); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
  kill -9 "$pid" 2>/dev/null || true; rm -f "$file"
}
down() {
  local name
  for name in kwok scheduler controller-manager apiserver etcd; do stop $name; done
  rm -rf "${state:?}"
}
case ${1:-} in
  can) can ;;
  up)
    can; down
    tools=$(bash "$here/binaries.sh" kube-apiserver kube-controller-manager kube-scheduler kubectl etcd); export PATH="$tools:$PATH"
    mkdir -p "$state"/{run,log}
    bash "$here/certificates.sh" "$pki" real-node 127.0.0.1 "$port"
    echo 'alice-token,alice,uid-alice,"devs"' > "$pki/tokens.csv"
    api_server
    [ "${2:-}" != with-nodes ] || nodes
    echo "$pki/admin.kubeconfig" ;;
  down) down ;;
  *) sed -n 2,9p "$0"; exit 2 ;;
esac
