const kwok = 'the nodes of the recording run nothing, those of this cluster say what a kubelet says';
const output = 'no process runs: what a container would print is made up, and says so';
const tar = 'the words of another tar';

/** Commands whose answers may differ from those of a real cluster, by script, each with the reason. */
export const allowedDifferences: Readonly<Record<string, string>> = {
  'apply: kubectl patch configmap settings -p \'{"data":{"bad":{}}}\'': 'names the Go type that does not fit',
  "apply: kubectl patch configmap settings -p 'nonsense'": 'says what is wrong in words of its own',
  'apply: kubectl get deployment web --subresource=scale': 'a Scale is shown with the columns of no kind',
  "apply: kubectl get configmaps -l 'tier===x'": 'the words for a selector that cannot be read',
  'workloads: kubectl describe pod db-0': kwok,
  'workloads: kubectl describe endpointslices -l kubernetes.io/service-name=db':
    'the time of the change that led to it is kept when a pod goes',
  'output: kubectl get pod a -o json | grep -vE \'uid|resourceVersion|Timestamp|Time|IP|ip"|nodeName|ID"|name": "kube-api|kube-api-access\'':
    kwok,
  "output: kubectl get pod a -o yaml --show-managed-fields | grep -E 'manager:|operation:|subresource:' | sort | uniq":
    kwok,
  'output: kubectl describe pod a': kwok,
  'output: kubectl describe pods -l tier=back': kwok,
  'output: kubectl describe priorityclass system-node-critical': 'its description is left out',
  "output: kubectl top pods --containers --no-headers | awk '{print NF}' | sort -u": 'this cluster has metrics',
  "output: kubectl top nodes --no-headers | awk '{print NF}' | sort -u": 'as above',
  'streams: kubectl exec web -- no-such-command': 'the words of another container runtime',
  "streams: kubectl exec web -- sh -c 'head -c 2000000 /dev/zero' | wc -c": 'a simulated container has no devices',
  'streams: kubectl cp web:/tmp/zeros back; cmp zeros back && echo same': tar,
  'streams: kubectl cp web:/tmp/tree tree-back -c second; cat tree-back/leaf/colour': tar,
  'streams: kubectl cp web:/no/such/file nothing': tar,
  'streams: kubectl cp kc-streams/web:/tmp/zeros again; cmp zeros again && echo same': tar,
  'streams: kubectl logs talker': output,
  'streams: kubectl logs talker --tail=2': output,
  'streams: kubectl logs talker --limit-bytes=5': output,
  "streams: kubectl logs talker --timestamps | awk '{print $2}' | head -2": output,
  'streams: kubectl logs talker --since=1h | wc -l': output,
  'streams: kubectl logs web': output,
  'streams: kubectl logs web --all-containers --prefix | sort': output,
  'streams: kubectl logs -l app=streams --all-containers --tail=1 --prefix | sort': output,
  'streams: timeout 3 kubectl logs -f talker | head -3': output,
  'streams: kubectl logs pod/talker --tail=1 --follow=false': output,
  'streams: kubectl logs -f ended': output,
  'streams: timeout 3 kubectl attach web -c second < /dev/null': output,
  "streams: echo 'line for the pod' | kubectl run once -i --rm --restart=Never --image=$IMAGE --image-pull-policy=Never --quiet -- sh -c 'read line; echo \"got $line\"; exit 4'":
    output,
  'streams: kubectl logs done': output,
  'streams: kubectl logs web -c helper': output,
  'streams: kubectl describe pod ended': 'simulated containers say that they are',
  'streams: kubectl describe pod talker': 'as above',
};
