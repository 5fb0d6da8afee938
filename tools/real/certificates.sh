#!/usr/bin/env bash
# Makes the certificates and kubeconfigs of a throw-away cluster: certificates.sh FOLDER NODE_NAME NODE_IP PORT
set -euo pipefail
folder=$1 node=$2 ip=$3 port=$4
mkdir -p "$folder"; chmod 700 "$folder"; cd "$folder"

authority() { # NAME COMMON_NAME
  openssl ecparam -name prime256v1 -genkey -noout -out "$1.key" 2>/dev/null
  openssl req -x509 -new -key "$1.key" -subj "/CN=$2" -days 365 -out "$1.crt" 2>/dev/null
}
certificate() { # NAME SUBJECT USAGE [NAMES [AUTHORITY]]
  openssl ecparam -name prime256v1 -genkey -noout -out "$1.key" 2>/dev/null
  openssl req -new -key "$1.key" -subj "$2" -out "$1.csr" 2>/dev/null
  { echo "extendedKeyUsage=$3"; echo "keyUsage=digitalSignature,keyEncipherment"; [ -z "${4:-}" ] || echo "subjectAltName=$4"; } > "$1.ext"
  openssl x509 -req -in "$1.csr" -CA "${5:-ca}.crt" -CAkey "${5:-ca}.key" -CAcreateserial -days 365 -extfile "$1.ext" -out "$1.crt" 2>/dev/null
}
kubeconfig() { # NAME
  cat > "$1.kubeconfig" <<K
apiVersion: v1
kind: Config
clusters: [{name: real, cluster: {server: "https://$ip:$port", certificate-authority-data: $(base64 -w0 ca.crt)}}]
users: [{name: user, user: {client-certificate-data: $(base64 -w0 "$1.crt"), client-key-data: $(base64 -w0 "$1.key")}}]
contexts: [{name: real, context: {cluster: real, user: user}}]
current-context: real
K
}
authority ca real-cluster-ca
authority front-proxy-ca real-cluster-front-proxy-ca
service=DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local
certificate apiserver /CN=kube-apiserver serverAuth "DNS:localhost,$service,IP:127.0.0.1,IP:10.96.0.1,IP:$ip"
certificate apiserver-kubelet-client /O=system:masters/CN=kube-apiserver-kubelet-client clientAuth
certificate front-proxy-client /CN=front-proxy-client clientAuth "" front-proxy-ca
certificate admin /O=system:masters/CN=admin clientAuth
certificate controller-manager /CN=system:kube-controller-manager clientAuth
certificate scheduler /CN=system:kube-scheduler clientAuth
certificate kube-proxy /CN=system:kube-proxy clientAuth
certificate kubelet "/O=system:nodes/CN=system:node:$node" clientAuth
certificate kubelet-server "/CN=$node" serverAuth "DNS:$node,IP:$ip,IP:127.0.0.1"
openssl genrsa -out sa.key 2048 2>/dev/null
openssl rsa -in sa.key -pubout -out sa.pub 2>/dev/null
for name in admin controller-manager scheduler kube-proxy kubelet; do kubeconfig "$name"; done
