#!/usr/bin/env bash
# A real one-node Kubernetes with real containers, in a network namespace and cgroups of its own. Root, Debian and Go at hand.
#   cluster.sh can            exit 0 where such a cluster can run; else says what is missing
#   cluster.sh up             builds what is missing (first time about ten minutes), starts, waits until the node is Ready
#   cluster.sh run COMMAND    runs a command beside the cluster's network, where its API server is reached, with KUBECONFIG set
#   cluster.sh down           stops everything by pid and removes the namespace, mounts and cgroups
# STATE: its folder (default /tmp/freehold-real-cluster). Nothing outside of it is changed but three sysctls, put back at the end.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export STATE=${STATE:-${TMPDIR:-/tmp}/freehold-real-cluster}
space=freehold-real tests=freehold-real-tests node=real-node ip=10.98.0.1 port=6443 cgroup=/freehold-real
inside="nsenter --net=/var/run/netns/$space"
started=$(date +%s%N)
say() { echo "$(( ($(date +%s%N) - started) / 1000000 )) ms  $*"; }
packages=(runc containernetworking-plugins busybox-static iproute2 iptables conntrack openssl)

can() {
  [ "$(id -u)" = 0 ] || { echo "the real cluster needs root"; return 1; }
  [ "$(uname -s)" = Linux ] && command -v apt-get >/dev/null || { echo "the real cluster needs Debian"; return 1; }
  command -v go >/dev/null || [ -x "${FREEHOLD_REAL:-$HOME/.cache/freehold-real}/bin/kubelet-v1.36.3" ] || { echo "the real cluster needs Go, to be built"; return 1; }
  command -v gcc >/dev/null || { echo "the real cluster needs gcc, for its pause image"; return 1; }
}
background() { # NAME COMMAND...
  local name=$1; shift
  nohup $inside "$@" >"$STATE/log/$name.log" 2>&1 </dev/null & echo $! > "$STATE/run/$name.pid"
}
await() { # SECONDS WHAT COMMAND...
  local tries=$(( $1 * 20 )) what=$2; shift 2
  for _ in $(seq "$tries"); do "$@" >/dev/null 2>&1 && { say "$what"; return 0; }; sleep 0.05; done
  echo "cluster.sh: no $what after $(( tries / 20 )) s; see $STATE/log" >&2; return 1
}
network() {
  sysctl -n vm.overcommit_memory kernel.panic kernel.panic_on_oops > "$STATE/run/sysctl.before" # the kubelet sets these three
  ip netns list | grep -qw "$space" || ip netns add "$space"
  $inside ip link set lo up
  # tests and their browser sit in a namespace beside it, whose network does not change with every pod
  ip netns list | grep -qw "$tests" || ip netns add "$tests"
  nsenter --net=/var/run/netns/$tests ip link set lo up
  $inside ip link add real0 type veth peer name real0p netns "$tests" 2>/dev/null || true
  $inside ip addr add $ip/24 dev real0 2>/dev/null || true
  nsenter --net=/var/run/netns/$tests ip addr add 10.98.0.2/24 dev real0p 2>/dev/null || true
  nsenter --net=/var/run/netns/$tests ip link set real0p up; $inside ip link set real0 up
  $inside ip route replace default dev real0 # the kubelet and kube-proxy want a default route; it leads nowhere
  local server
  for server in $(awk '$1 == "nameserver" && $2 !~ /:/ {print $2}' /etc/resolv.conf); do
    $inside ip route replace unreachable "$server" # names of registries are unknown at once, not after a minute of asking
  done
  $inside sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.route_localnet=1
}
control_plane() {
  local pki=$STATE/pki
  background etcd etcd --name real --data-dir "$STATE/etcd" --logger zap \
    --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 \
    --listen-peer-urls http://127.0.0.1:2380 --initial-advertise-peer-urls http://127.0.0.1:2380 --initial-cluster real=http://127.0.0.1:2380
  background apiserver kube-apiserver --etcd-servers=http://127.0.0.1:2379 --bind-address=$ip --secure-port=$port --advertise-address=$ip \
    --tls-cert-file="$pki/apiserver.crt" --tls-private-key-file="$pki/apiserver.key" --client-ca-file="$pki/ca.crt" \
    --service-account-key-file="$pki/sa.pub" --service-account-signing-key-file="$pki/sa.key" \
    --service-account-issuer=https://kubernetes.default.svc.cluster.local --service-cluster-ip-range=10.96.0.0/16 \
    --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction --allow-privileged=true \
    --kubelet-client-certificate="$pki/apiserver-kubelet-client.crt" --kubelet-client-key="$pki/apiserver-kubelet-client.key" \
    --kubelet-preferred-address-types=InternalIP --requestheader-client-ca-file="$pki/front-proxy-ca.crt" \
    --requestheader-allowed-names=front-proxy-client --requestheader-extra-headers-prefix=X-Remote-Extra- \
    --requestheader-group-headers=X-Remote-Group --requestheader-username-headers=X-Remote-User \
    --proxy-client-cert-file="$pki/front-proxy-client.crt" --proxy-client-key-file="$pki/front-proxy-client.key"
  await 60 "API server ready" $inside kubectl --kubeconfig "$pki/admin.kubeconfig" get --raw /readyz
  background controller-manager kube-controller-manager --kubeconfig="$pki/controller-manager.kubeconfig" --bind-address=127.0.0.1 \
    --authentication-kubeconfig="$pki/controller-manager.kubeconfig" --authorization-kubeconfig="$pki/controller-manager.kubeconfig" \
    --use-service-account-credentials --service-account-private-key-file="$pki/sa.key" --root-ca-file="$pki/ca.crt" \
    --cluster-signing-cert-file="$pki/ca.crt" --cluster-signing-key-file="$pki/ca.key" --cluster-cidr=10.89.0.0/16 --leader-elect=false
  background scheduler kube-scheduler --kubeconfig="$pki/scheduler.kubeconfig" --bind-address=127.0.0.1 --leader-elect=false \
    --authentication-kubeconfig="$pki/scheduler.kubeconfig" --authorization-kubeconfig="$pki/scheduler.kubeconfig"
}
containers() {
  cat > "$STATE/containerd.toml" <<T
version = 2
root = "$STATE/containerd/root"
state = "$STATE/containerd/state"
[grpc]
  address = "$STATE/run/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/pause:test"
  disable_apparmor = true
  restrict_oom_score_adj = true # where CAP_SYS_RESOURCE is missing a negative oom_score_adj is refused, and no sandbox would start
  stream_server_address = "127.0.0.1"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$STATE/cni/net.d"
T
  cat > "$STATE/cni/net.d/10-real.conflist" <<T
{"cniVersion":"0.4.0","name":"real","plugins":[
 {"type":"bridge","bridge":"cni0","isGateway":true,"ipMasq":true,"hairpinMode":true,
  "ipam":{"type":"host-local","dataDir":"$STATE/cni/ipam","ranges":[[{"subnet":"10.89.0.0/16"}]],"routes":[{"dst":"0.0.0.0/0"}]}},
 {"type":"portmap","capabilities":{"portMappings":true}}]}
T
  background containerd containerd -c "$STATE/containerd.toml"
  await 20 "containerd ready" ctr -a "$STATE/run/containerd.sock" version
  [ -f "$STATE/images/busybox.tar" ] || bash "$here/images.sh" "$STATE/images"
  for image in pause busybox; do ctr -a "$STATE/run/containerd.sock" -n k8s.io images import "$STATE/images/$image.tar" >/dev/null; done
  say "images imported"
}
kubelet_and_proxy() {
  local pki=$STATE/pki controller
  for controller in /sys/fs/cgroup/*/; do [ -e "$controller/cgroup.procs" ] && mkdir -p "$controller$cgroup"; done
  [ -e /sys/fs/cgroup/cgroup.procs ] && mkdir -p "/sys/fs/cgroup$cgroup"
  cat "/sys/fs/cgroup/cpuset/cpuset.cpus" > "/sys/fs/cgroup/cpuset$cgroup/cpuset.cpus" 2>/dev/null || true
  cat "/sys/fs/cgroup/cpuset/cpuset.mems" > "/sys/fs/cgroup/cpuset$cgroup/cpuset.mems" 2>/dev/null || true
  echo "nameserver 127.0.0.53" > "$STATE/resolv.conf"
  cat > "$STATE/kubelet.yaml" <<T
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $ip
readOnlyPort: 0
healthzBindAddress: 127.0.0.1
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: $pki/ca.crt}}
authorization: {mode: Webhook}
tlsCertFile: $pki/kubelet-server.crt
tlsPrivateKeyFile: $pki/kubelet-server.key
cgroupDriver: cgroupfs
cgroupRoot: $cgroup
failCgroupV1: false
failSwapOn: false
clusterDNS: [10.96.0.10]
clusterDomain: cluster.local
resolvConf: $STATE/resolv.conf
evictionHard: {memory.available: 100Mi, nodefs.available: 1%, imagefs.available: 1%, nodefs.inodesFree: 1%}
imageGCHighThresholdPercent: 100
nodeStatusUpdateFrequency: 1s # the default of 10 s delays the first Ready by as much
maxPods: 250
T
  AWS_EC2_METADATA_DISABLED=true background kubelet kubelet --config="$STATE/kubelet.yaml" --kubeconfig="$pki/kubelet.kubeconfig" \
    --root-dir="$STATE/kubelet" --cert-dir="$STATE/kubelet/pki" --container-runtime-endpoint="unix://$STATE/run/containerd.sock" \
    --hostname-override=$node --node-ip=$ip
  background kube-proxy kube-proxy --kubeconfig="$pki/kube-proxy.kubeconfig" --hostname-override=$node --proxy-mode=iptables \
    --cluster-cidr=10.89.0.0/16 --bind-address=127.0.0.1 --conntrack-max-per-core=0 --conntrack-tcp-timeout-established=0 --conntrack-tcp-timeout-close-wait=0
  await 60 "node Ready" bash -c "$inside kubectl --kubeconfig $pki/admin.kubeconfig get node $node | grep -qw Ready"
}
up() {
  can
  dpkg -s "${packages[@]}" >/dev/null 2>&1 || { apt-get update -qq; DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${packages[@]}" >/dev/null; }
  local tools; tools=$(bash "$here/binaries.sh"); export PATH="$tools:$PATH"
  started=$(date +%s%N)
  [ ! -f "$STATE/run/apiserver.pid" ] || down
  mkdir -p "$STATE"/{run,log,cni/net.d,kubelet,containerd,images}
  network
  [ -f "$STATE/pki/ca.crt" ] || bash "$here/certificates.sh" "$STATE/pki" $node $ip $port
  control_plane; containers; kubelet_and_proxy
  echo "export KUBECONFIG=$STATE/pki/admin.kubeconfig # inside: cluster.sh run COMMAND"
}
stop() { # NAME
  local file=$STATE/run/$1.pid pid
  [ -f "$file" ] || return 0
  pid=$(cat "$file"); kill "$pid" 2>/dev/null || true
  for _ in $(seq 50); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
  kill -9 "$pid" 2>/dev/null || true; rm -f "$file"
}
down() {
  set +e
  local tools=${FREEHOLD_REAL:-$HOME/.cache/freehold-real}/kubernetes-v1.36.3-tools; export PATH="$tools:$PATH"
  for name in kubelet kube-proxy scheduler controller-manager; do stop $name; done
  local ctl="ctr -a $STATE/run/containerd.sock -n k8s.io" task process mount
  for task in $($ctl tasks ls -q 2>/dev/null); do $ctl tasks kill -s KILL "$task" 2>/dev/null; done; sleep 0.3
  for task in $($ctl tasks ls -q 2>/dev/null); do $ctl tasks rm -f "$task" >/dev/null 2>&1; done
  for process in /proc/[0-9]*; do # a shim whose last task is gone ends by itself; those left name our socket
    { tr '\0' ' ' < "$process/cmdline"; } 2>/dev/null | grep -q "containerd-shim.*$STATE/run/containerd.sock" && kill "${process#/proc/}" 2>/dev/null
  done
  stop containerd; stop apiserver; stop etcd
  grep -o "$STATE/[^ ]*" /proc/mounts | sort -r | while read -r mount; do umount -l "$mount"; done
  for mount in /run/netns/cni-*; do # the sandboxes of our pods are those with an address of our subnet
    nsenter --net="$mount" ip -4 addr 2>/dev/null | grep -q ' 10\.89\.' && ip netns del "${mount##*/}"
  done
  ip netns del $space 2>/dev/null; ip netns del $tests 2>/dev/null
  find /sys/fs/cgroup -depth -type d -path "*$cgroup*" -exec rmdir {} \; 2>/dev/null
  [ -f "$STATE/run/sysctl.before" ] && { read -r a; read -r b; read -r c; sysctl -qw vm.overcommit_memory="$a" kernel.panic="$b" kernel.panic_on_oops="$c"; } < "$STATE/run/sysctl.before"
  rm -rf "${STATE:?}"/{run,etcd,kubelet,containerd,cni,pki}
  set -e
}
case ${1:-} in
  can) can ;;
  up) up ;;
  run) shift; export KUBECONFIG=$STATE/pki/admin.kubeconfig; exec nsenter --net=/var/run/netns/$tests "$@" ;;
  down) down ;;
  *) sed -n 2,7p "$0"; exit 2 ;;
esac
