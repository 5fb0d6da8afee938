import type { ClusterObject } from '../../../client.ts';
import type { Seen, Step } from '../transcript.ts';

const space = 'strict';
const core = `/api/v1/namespaces/${space}`;
const networking = '/apis/networking.k8s.io/v1';

const ofPod = 'seccomp.security.alpha.kubernetes.io/pod';
const ofContainer = 'container.seccomp.security.alpha.kubernetes.io/c';
const appArmor = 'container.apparmor.security.beta.kubernetes.io/c';
const profile = (type: string, localhostProfile?: string): object => ({ seccompProfile: { type, localhostProfile } });

const podSpec = (whole: object = {}, container: object = {}): object => ({
  automountServiceAccountToken: false,
  securityContext: whole,
  containers: [{ name: 'c', image: 'x', securityContext: container }],
});

function pod(name: string, annotations: object, ...contexts: Parameters<typeof podSpec>): Step {
  return [
    `seccomp.${name}`,
    `POST ${core}/pods?dryRun=All`,
    { metadata: { name: 'p', annotations }, spec: podSpec(...contexts) },
  ];
}

function deployment(name: string, annotations: object, whole: object = {}): Step {
  const template = { metadata: { labels: { a: 'b' }, annotations }, spec: podSpec(whole) };
  return [
    `template.${name}`,
    `POST /apis/apps/v1/namespaces/${space}/deployments?dryRun=All`,
    { metadata: { name: 'd' }, spec: { selector: { matchLabels: { a: 'b' } }, template } },
  ];
}

const seccompSteps: readonly Step[] = [
  pod('known', { [ofPod]: 'runtime/default', [ofContainer]: 'localhost/x' }),
  pod('unknown', { [ofPod]: 'bogus', [ofContainer]: '' }),
  pod('outside', { [ofPod]: 'localhost/../x', [ofContainer]: 'localhost//x' }),
  pod('other-type', { [ofPod]: 'unconfined', [ofContainer]: 'unconfined' }, profile('RuntimeDefault')),
  pod('same', { [ofPod]: 'localhost/x' }, profile('Localhost', 'x')),
  pod('other-path', { [ofContainer]: 'localhost/x' }, {}, profile('Localhost', 'y')),
  pod('elsewhere', { [ofPod]: 'unconfined' }, {}, profile('RuntimeDefault')),
  deployment('known', { [ofPod]: 'docker/default', [ofContainer]: 'unconfined', [appArmor]: 'runtime/default' }),
  deployment('unknown', { [ofPod]: 'bogus', [ofContainer]: 'zz' }),
  deployment('other-type', { [ofPod]: 'unconfined' }, profile('RuntimeDefault')),
];

const ranges = [
  '010.0.0.0/8',
  '10.0.0.0/08',
  '10.0.0.5/8',
  '::ffff:10.0.0.0/104',
  '::ffff:010.0.0.0/104',
  'FD00::/8',
  'fd00::1/8',
  '10.0.0.0/+8',
  '0.0.0.0/0',
];

const rangeSteps: readonly Step[] = ranges.flatMap((cidr): Step[] => [
  [
    `policy ${cidr}`,
    `POST ${networking}/namespaces/${space}/networkpolicies?dryRun=All`,
    { metadata: { name: 'n' }, spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr } }] }] } },
  ],
  [
    `service ${cidr}`,
    `POST ${core}/services?dryRun=All`,
    {
      metadata: { name: 's' },
      spec: {
        type: 'LoadBalancer',
        clusterIP: '10.96.77.77',
        allocateLoadBalancerNodePorts: false,
        ports: [{ port: 80 }],
        loadBalancerSourceRanges: [` ${cidr}`],
      },
    },
  ],
  [
    `node ${cidr}`,
    'POST /api/v1/nodes?dryRun=All',
    { metadata: { name: 'n' }, spec: { podCIDR: cidr, podCIDRs: [cidr] } },
  ],
  [
    `servicecidr ${cidr}`,
    `POST ${networking}/servicecidrs?dryRun=All`,
    { metadata: { name: 'n' }, spec: { cidrs: [cidr] } },
  ],
]);

const addressSteps: readonly Step[] = ['01.2.3.4', '::ffff:1.2.3.4', 'FD00::1', '1.2.3'].flatMap((ip): Step[] => [
  [
    `alias ${ip}`,
    `POST ${core}/pods?dryRun=All`,
    {
      metadata: { name: 'p' },
      spec: {
        ...podSpec(),
        hostAliases: [{ ip, hostnames: ['a'] }],
        dnsPolicy: 'None',
        dnsConfig: { nameservers: [ip] },
      },
    },
  ],
  [
    `externalip ${ip}`,
    `POST ${core}/services?dryRun=All`,
    { metadata: { name: 's' }, spec: { clusterIP: '10.96.77.77', ports: [{ port: 80 }], externalIPs: [ip] } },
  ],
  [
    `endpoints ${ip}`,
    `POST ${core}/endpoints?dryRun=All`,
    { metadata: { name: 'e' }, subsets: [{ addresses: [{ ip }], ports: [{ port: 1 }] }] },
  ],
  [
    `slice ${ip}`,
    `POST /apis/discovery.k8s.io/v1/namespaces/${space}/endpointslices?dryRun=All`,
    { metadata: { name: 'e' }, addressType: 'IPv4', ports: [], endpoints: [{ addresses: [ip] }] },
  ],
  [
    `ipaddress ${ip}`,
    `POST ${networking}/ipaddresses?dryRun=All`,
    { metadata: { name: ip }, spec: { parentRef: { resource: 'services', name: 'a', namespace: space } } },
  ],
]);

function volume(name: string, source: object): Step {
  return [
    `mount.${name}`,
    'POST /api/v1/persistentvolumes?dryRun=All',
    {
      metadata: { name: 'pv', annotations: { 'volume.beta.kubernetes.io/mount-options': 'ro' } },
      spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], ...source },
    },
  ];
}

const finalized = (seen: Seen): object => ({
  metadata: {
    name: space,
    uid: (seen['namespace']?.body as ClusterObject).metadata.uid, // the answer is the namespace
    labels: { c: 'd' },
    annotations: { x: 'y' },
    finalizers: ['a.example.com/c'],
    generateName: 'other',
  },
  spec: { finalizers: ['kubernetes'] },
  status: { phase: 'Terminating' },
});

/** What is read less kindly than one would think: old annotations, zeros that lead, packed bodies. */
export const strictness: readonly Step[] = [
  ['namespace', 'POST /api/v1/namespaces', { metadata: { name: space, labels: { a: 'b' } } }],
  ['finalize', `PUT /api/v1/namespaces/${space}/finalize`, finalized],
  ['finalize.bad-label', `PUT /api/v1/namespaces/${space}/finalize`, { metadata: { name: space, labels: { c: '!' } } }],
  [
    'finalize.stale',
    `PUT /api/v1/namespaces/${space}/finalize`,
    { metadata: { name: space, resourceVersion: '1' }, spec: { finalizers: ['kubernetes'] } },
  ],
  ['', `POST ${core}/serviceaccounts`, { metadata: { name: 'default' } }],
  ['packed', 'POST /api/v1/namespaces', '\u001f\u0008 packed', { 'content-encoding': 'gzip' }],
  [
    'said-to-be-packed',
    `POST ${core}/configmaps?dryRun=All`,
    { metadata: { name: 'c' } },
    { 'content-encoding': 'gzip' },
  ],
  ...seccompSteps,
  volume('hostpath', { hostPath: { path: '/tmp/x' } }),
  volume('nfs', { nfs: { server: 'a', path: '/b' } }),
  volume('hostpath-field', { hostPath: { path: '/tmp/x' }, mountOptions: ['ro'] }),
  ...rangeSteps,
  ...addressSteps,
];
