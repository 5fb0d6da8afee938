import type { JsonObject } from '../../../apiserver/schema/schema.ts';
import { sample, selector, type Sample } from './sample.ts';

const net = 'networking.k8s.io/v1';
const ingresses = `${net} ingresses Ingress`;
const networkPolicies = `${net} networkpolicies NetworkPolicy`;
const slices = 'discovery.k8s.io/v1 endpointslices EndpointSlice';
const storage = 'storage.k8s.io/v1';
const requests = 'certificates.k8s.io/v1 certificatesigningrequests CertificateSigningRequest*';
const definitions = 'apiextensions.k8s.io/v1 customresourcedefinitions CustomResourceDefinition*';
const services = 'apiregistration.k8s.io/v1 apiservices APIService*';

/** A real request for the certificate of a user called jane. */
const certificateRequest =
  'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIWE1IOENBUUF3SFRFTk1Bc0dBMVVFQXd3RWFtRnVaVEVNTUFvR0ExVUVDZ3dEWkdWMk1Ga3dFd1lIS29aSQp6ajBDQVFZSUtvWkl6ajBEQVFjRFFnQUVETnlpaXFkc0t4aXRkY201UHN3ZmRoMXRvOWpHaXVndHZYRXJad0I2ClphTVhUUmdXV0p6aGY2YjhDR3V2TXNJWXdwK0ZGQXVua09XWUhSOG5wclByNTZBQU1Bb0dDQ3FHU000OUJBTUMKQTBnQU1FVUNJRDlQeks5Tmw0N1oxTDB6SDRFWUtpWkFQY3kvRkhGM1JiQUZSZ0tUSDBSM0FpRUFweHRWVE9OUgpzbTRzTXNESXFUM29BbTdrUFZSOUlFTll2T1hRNUZsazVtMD0KLS0tLS1FTkQgQ0VSVElGSUNBVEUgUkVRVUVTVC0tLS0tCg==';

const network: readonly Sample[] = [
  sample(ingresses, '', {
    spec: {
      ingressClassName: 'nginx',
      tls: [{ hosts: ['a.com'], secretName: 's' }],
      rules: [
        {
          host: 'a.com',
          http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 's', port: { number: 80 } } } }] },
        },
      ],
    },
  }),
  sample(ingresses, 'backend', {
    spec: {
      defaultBackend: { resource: { apiGroup: 'a.com', kind: 'Bucket', name: 'b' } },
      rules: [
        {
          host: '*.a.com',
          http: { paths: [{ pathType: 'ImplementationSpecific', backend: { service: { name: 's', port: { name: 'web' } } } }] },
        },
      ],
    },
  }),
  sample(`${net} ingressclasses IngressClass*`, '', { spec: { controller: 'a.com/b' } }),
  sample(`${net} ingressclasses IngressClass*`, 'parameters', {
    spec: {
      controller: 'a.com/b',
      parameters: { apiGroup: 'a.com', kind: 'K', name: 'n', scope: 'Namespace', namespace: 's' },
    },
  }),
  sample(networkPolicies, '', {
    spec: {
      podSelector: selector,
      ingress: [
        {
          from: [{ namespaceSelector: {} }, { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }],
          ports: [{ port: 80, protocol: 'TCP' }],
        },
      ],
      egress: [{}],
    },
  }),
  sample(networkPolicies, 'range', {
    spec: {
      podSelector: {},
      policyTypes: ['Egress'],
      egress: [{ to: [{ podSelector: selector }], ports: [{ port: 80, endPort: 90 }, { port: 'web' }] }],
    },
  }),
  sample(`${net} ipaddresses IPAddress*`, '', {
    metadata: { name: '10.9.9.9' },
    spec: { parentRef: { group: '', resource: 'services', namespace: 'n', name: 's' } },
  }),
  sample(`${net} servicecidrs ServiceCIDR*`, '', { spec: { cidrs: ['192.168.0.0/24'] } }),
  sample(slices, '', { addressType: 'IPv4', endpoints: [{ addresses: ['1.2.3.4'] }], ports: [{ port: 80 }] }),
  sample(slices, 'full', {
    addressType: 'IPv6',
    endpoints: [
      {
        addresses: ['2001:db8::1'],
        conditions: { ready: true },
        hostname: 'h',
        nodeName: 'n',
        zone: 'z',
        hints: { forZones: [{ name: 'z' }] },
        targetRef: { kind: 'Pod', name: 'p' },
      },
    ],
    ports: [{ name: 'a', port: 80, protocol: 'UDP', appProtocol: 'x' }],
  }),
  sample(slices, 'names', { addressType: 'FQDN', endpoints: [{ addresses: ['a.com'] }] }),
];

const storageKinds: readonly Sample[] = [
  sample(`${storage} storageclasses StorageClass*`, '', { provisioner: 'a.com/b', parameters: { a: 'b' } }),
  sample(`${storage} storageclasses StorageClass*`, 'full', {
    provisioner: 'a.com/b',
    reclaimPolicy: 'Retain',
    volumeBindingMode: 'WaitForFirstConsumer',
    allowVolumeExpansion: true,
    mountOptions: ['ro'],
    allowedTopologies: [{ matchLabelExpressions: [{ key: 'k', values: ['v'] }] }],
  }),
  sample(`${storage} volumeattachments VolumeAttachment*`, '', {
    spec: { attacher: 'a', nodeName: 'n', source: { persistentVolumeName: 'p' } },
  }),
  sample(`${storage} csidrivers CSIDriver*`, '', { spec: { attachRequired: false } }),
  sample(`${storage} csidrivers CSIDriver*`, 'full', {
    spec: {
      volumeLifecycleModes: ['Persistent', 'Ephemeral'],
      fsGroupPolicy: 'File',
      tokenRequests: [{ audience: 'a', expirationSeconds: 700 }],
      requiresRepublish: true,
    },
  }),
  sample(`${storage} csinodes CSINode*`, '', {
    spec: { drivers: [{ name: 'a.com', nodeID: 'i', topologyKeys: ['k'], allocatable: { count: 3 } }] },
  }),
  sample(`${storage} csistoragecapacities CSIStorageCapacity`, '', {
    storageClassName: 'fast',
    capacity: '1Gi',
    maximumVolumeSize: '1Gi',
    nodeTopology: selector,
  }),
  sample(`${storage} volumeattributesclasses VolumeAttributesClass*`, '', {
    driverName: 'a.com',
    parameters: { a: 'b' },
  }),
];

const schema: JsonObject = {
  type: 'object',
  properties: { spec: { type: 'object', properties: { a: { type: 'string', maxLength: 5 } } } },
};

const apis: readonly Sample[] = [
  sample(definitions, '', {
    metadata: { name: 'things.mut.example.com' },
    spec: {
      group: 'mut.example.com',
      scope: 'Namespaced',
      names: { plural: 'things', kind: 'Thing' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: schema },
          additionalPrinterColumns: [{ name: 'A', type: 'string', jsonPath: '.spec.a' }],
        },
      ],
    },
  }),
  sample(definitions, 'full', {
    metadata: { name: 'things.mut.example.com' },
    spec: {
      group: 'mut.example.com',
      scope: 'Cluster',
      preserveUnknownFields: false,
      conversion: {
        strategy: 'Webhook',
        webhook: {
          conversionReviewVersions: ['v1'],
          clientConfig: { service: { name: 's', namespace: 'n', path: '/p' } },
        },
      },
      names: {
        plural: 'things',
        singular: 'thing',
        kind: 'Thing',
        listKind: 'ThingList',
        shortNames: ['th'],
        categories: ['all'],
      },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          deprecated: true,
          deprecationWarning: 'old',
          schema: { openAPIV3Schema: schema },
          subresources: {
            status: {},
            scale: {
              specReplicasPath: '.spec.replicas',
              statusReplicasPath: '.status.replicas',
              labelSelectorPath: '.status.selector',
            },
          },
          selectableFields: [{ jsonPath: '.spec.a' }],
        },
        { name: 'v2', served: false, storage: false, schema: { openAPIV3Schema: { type: 'object' } } },
      ],
    },
  }),
  sample(services, '', {
    metadata: { name: 'v1.agg.example.com' },
    spec: {
      group: 'agg.example.com',
      version: 'v1',
      groupPriorityMinimum: 1,
      versionPriority: 1,
      service: { name: 's', namespace: 'n' },
      insecureSkipTLSVerify: true,
    },
  }),
  sample(services, 'bundle', {
    metadata: { name: 'v1.agg.example.com' },
    spec: {
      group: 'agg.example.com',
      version: 'v1',
      groupPriorityMinimum: 1,
      versionPriority: 1,
      service: { name: 's', namespace: 'n', port: 8443 },
      caBundle: 'AA==',
    },
  }),
];

const devices: readonly Sample[] = [
  sample('resource.k8s.io/v1 deviceclasses DeviceClass*', '', {
    spec: { selectors: [{ cel: { expression: "device.driver == 'a.com'" } }] },
  }),
  sample('resource.k8s.io/v1 resourceclaims ResourceClaim', '', {
    spec: { devices: { requests: [{ name: 'r', exactly: { deviceClassName: 'c' } }] } },
  }),
  sample('resource.k8s.io/v1 resourceclaimtemplates ResourceClaimTemplate', '', {
    spec: { spec: { devices: { requests: [{ name: 'r', exactly: { deviceClassName: 'c', count: 2 } }] } } },
  }),
  sample('resource.k8s.io/v1 resourceslices ResourceSlice*', '', {
    spec: {
      driver: 'a.com',
      nodeName: 'n',
      pool: { name: 'p', generation: 1, resourceSliceCount: 1 },
      devices: [{ name: 'd', attributes: { model: { string: 'x' } }, capacity: { memory: { value: '1Gi' } } }],
    },
  }),
];

export const clusterSamples: readonly Sample[] = [
  ...network,
  ...storageKinds,
  sample('scheduling.k8s.io/v1 priorityclasses PriorityClass*', '', { value: 5 }),
  sample('scheduling.k8s.io/v1 priorityclasses PriorityClass*', 'full', {
    value: -5,
    globalDefault: false,
    preemptionPolicy: 'Never',
    description: 'd',
  }),
  sample('node.k8s.io/v1 runtimeclasses RuntimeClass*', '', { handler: 'runc' }),
  sample('node.k8s.io/v1 runtimeclasses RuntimeClass*', 'full', {
    handler: 'runc',
    overhead: { podFixed: { cpu: '1' } },
    scheduling: { nodeSelector: { a: 'b' }, tolerations: [{ key: 'k', operator: 'Exists' }] },
  }),
  sample('coordination.k8s.io/v1 leases Lease', '', { spec: { holderIdentity: 'a', leaseDurationSeconds: 15 } }),
  sample('coordination.k8s.io/v1 leases Lease', 'full', {
    spec: {
      holderIdentity: 'a',
      leaseDurationSeconds: 15,
      leaseTransitions: 2,
      acquireTime: '2026-01-01T00:00:00.000000Z',
      renewTime: '2026-01-01T00:00:00.000000Z',
    },
  }),
  sample(requests, 'broken', { spec: { request: 'AA==', signerName: 'a.com/b', usages: ['client auth'] } }),
  sample(requests, '', {
    spec: { request: certificateRequest, signerName: 'a.com/b', usages: ['client auth'], expirationSeconds: 3600 },
  }),
  ...apis,
  ...devices,
];
