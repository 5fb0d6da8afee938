import type { JsonObject } from '../../../apiserver/schema/schema.ts';
import { pod, sample, selector, type Sample } from './sample.ts';

const container: JsonObject = {
  name: 'c',
  image: 'nginx',
  ports: [{ containerPort: 80, name: 'web' }],
  env: [
    { name: 'A', value: 'b' },
    { name: 'N', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
  ],
  resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { cpu: '1', memory: '128Mi' } },
  volumeMounts: [{ name: 'v', mountPath: '/v' }],
  livenessProbe: { httpGet: { path: '/', port: 80 } },
  readinessProbe: { tcpSocket: { port: 'web' } },
  startupProbe: { exec: { command: ['true'] } },
  lifecycle: { preStop: { exec: { command: ['true'] } } },
  securityContext: { runAsUser: 1000 },
};

const full: JsonObject = {
  containers: [container],
  initContainers: [{ name: 'i', image: 'busybox', command: ['true'], restartPolicy: 'Always' }],
  volumes: [
    { name: 'v', emptyDir: {} },
    { name: 'cm', configMap: { name: 'x' } },
    { name: 's', secret: { secretName: 'y' } },
    { name: 'p', projected: { sources: [{ serviceAccountToken: { path: 't' } }] } },
    { name: 'h', hostPath: { path: '/x' } },
    { name: 'pvc', persistentVolumeClaim: { claimName: 'z' } },
  ],
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: 'k', operator: 'In', values: ['v'] }] }],
      },
    },
    podAntiAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        { weight: 1, podAffinityTerm: { topologyKey: 'kubernetes.io/hostname', labelSelector: selector } },
      ],
    },
  },
  tolerations: [{ key: 'k', operator: 'Exists', effect: 'NoSchedule' }],
  topologySpreadConstraints: [
    { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: selector },
  ],
  imagePullSecrets: [{ name: 'r' }],
  hostAliases: [{ ip: '1.2.3.4', hostnames: ['h'] }],
  dnsConfig: { nameservers: ['1.1.1.1'] },
  priorityClassName: 'system-node-critical',
  securityContext: { fsGroup: 1 },
};

/** What `full` leaves out of a container. */
const busy: JsonObject = {
  containers: [
    {
      name: 'c',
      image: 'nginx@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
      envFrom: [{ prefix: 'P_', configMapRef: { name: 'x' } }, { secretRef: { name: 'y' } }],
      env: [
        { name: 'C', valueFrom: { configMapKeyRef: { name: 'x', key: 'k' } } },
        { name: 'S', valueFrom: { secretKeyRef: { name: 'y', key: 'k', optional: true } } },
        { name: 'R', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
      ],
      ports: [{ containerPort: 53, hostPort: 53, protocol: 'UDP', hostIP: '127.0.0.1' }],
      resources: { limits: { cpu: '1', 'example.com/gpu': '2' } },
      livenessProbe: { grpc: { port: 9000 }, initialDelaySeconds: 3, terminationGracePeriodSeconds: 5 },
      readinessProbe: { httpGet: { port: 'x', scheme: 'HTTPS', httpHeaders: [{ name: 'H', value: 'v' }] } },
      lifecycle: { postStart: { httpGet: { port: 80, host: 'h' } }, preStop: { sleep: { seconds: 3 } } },
      securityContext: {
        capabilities: { add: ['NET_ADMIN'], drop: ['ALL'] },
        privileged: false,
        allowPrivilegeEscalation: true,
        seccompProfile: { type: 'RuntimeDefault' },
        procMount: 'Default',
      },
      terminationMessagePolicy: 'FallbackToLogsOnError',
      volumeDevices: [{ name: 'claim', devicePath: '/dev/x' }],
      resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'NotRequired' }],
      workingDir: '/w',
    },
  ],
  volumes: [{ name: 'claim', persistentVolumeClaim: { claimName: 'z', readOnly: true } }],
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n'] }] }],
      },
      preferredDuringSchedulingIgnoredDuringExecution: [
        { weight: 5, preference: { matchExpressions: [{ key: 'k', operator: 'Gt', values: ['3'] }] } },
      ],
    },
    podAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { topologyKey: 'zone', labelSelector: selector, namespaces: ['n'], matchLabelKeys: ['k'] },
      ],
    },
  },
};

const placed: JsonObject = {
  ...pod,
  restartPolicy: 'Never',
  activeDeadlineSeconds: 30,
  terminationGracePeriodSeconds: 5,
  nodeSelector: { disk: 'ssd' },
  hostname: 'h',
  subdomain: 's',
  shareProcessNamespace: true,
  dnsPolicy: 'None',
  dnsConfig: { nameservers: ['1.1.1.1'], searches: ['a.b'], options: [{ name: 'ndots', value: '2' }] },
  securityContext: {
    runAsUser: 1,
    runAsGroup: 2,
    runAsNonRoot: true,
    supplementalGroups: [3],
    fsGroupChangePolicy: 'OnRootMismatch',
    sysctls: [{ name: 'net.ipv4.ip_forward', value: '1' }],
    seccompProfile: { type: 'Localhost', localhostProfile: 'p' },
  },
  tolerations: [{ key: 'k', operator: 'Equal', value: 'v', effect: 'NoExecute', tolerationSeconds: 10 }],
  topologySpreadConstraints: [
    {
      maxSkew: 2,
      minDomains: 2,
      topologyKey: 'zone',
      whenUnsatisfiable: 'DoNotSchedule',
      nodeAffinityPolicy: 'Honor',
      nodeTaintsPolicy: 'Ignore',
    },
  ],
  schedulingGates: [{ name: 'g' }],
  readinessGates: [{ conditionType: 'a.com/b' }],
  os: { name: 'linux' },
  hostUsers: true,
  preemptionPolicy: 'PreemptLowerPriority',
};

const volumes: JsonObject = {
  ...pod,
  volumes: [
    { name: 'a', emptyDir: { medium: 'Memory', sizeLimit: '1Gi' } },
    { name: 'b', configMap: { name: 'x', defaultMode: 256, items: [{ key: 'k', path: 'p', mode: 256 }] } },
    { name: 'c', secret: { secretName: 'y', items: [{ key: 'k', path: 'p/q' }], optional: true } },
    {
      name: 'd',
      downwardAPI: {
        items: [
          { path: 'l', fieldRef: { fieldPath: 'metadata.labels' } },
          { path: 'r', resourceFieldRef: { containerName: 'c', resource: 'limits.cpu' } },
        ],
      },
    },
    {
      name: 'e',
      projected: {
        sources: [
          { configMap: { name: 'x', items: [{ key: 'k', path: 'a' }] } },
          { secret: { name: 'y' } },
          { downwardAPI: { items: [{ path: 'b', fieldRef: { fieldPath: 'metadata.name' } }] } },
          { serviceAccountToken: { audience: 'z', expirationSeconds: 700, path: 'c' } },
        ],
      },
    },
    { name: 'f', hostPath: { path: '/x', type: 'Directory' } },
    { name: 'g', nfs: { server: 's', path: '/p' } },
    { name: 'h', csi: { driver: 'a.com', volumeAttributes: { k: 'v' } } },
    {
      name: 'i',
      ephemeral: {
        volumeClaimTemplate: {
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
        },
      },
    },
    { name: 'j', iscsi: { targetPortal: '1.2.3.4', iqn: 'iqn.2001-04.com.example:storage', lun: 0 } },
    { name: 'k', image: { reference: 'quay.io/a/b:v1', pullPolicy: 'IfNotPresent' } },
    { name: 'l', fc: { targetWWNs: ['500a0982991b8dc5'], lun: 2 } },
  ],
};

const pods = 'v1 pods Pod';

export const podSamples: readonly Sample[] = [
  sample(pods, '', { spec: pod }),
  sample(pods, 'full', { spec: full }),
  sample(pods, 'busy', { spec: busy }),
  sample(pods, 'placed', { spec: placed }),
  sample(pods, 'volumes', { spec: volumes }),
  sample(pods, 'host', {
    spec: { ...pod, hostNetwork: true, hostPID: true, nodeName: 'n', automountServiceAccountToken: false },
  }),
];
