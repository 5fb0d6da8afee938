import { describe, expect, test } from 'vitest';
import type { ClusterObject } from '../../client.ts';
import { decodeBuiltin } from '../codec/decode-builtin.ts';
import { builtinKinds } from './builtin-kinds.ts';
import type { KindInfo } from './kind-info.ts';

const kinds = new Map(builtinKinds().map((kind) => [`${kind.group}/${kind.version}/${kind.kind}`, kind]));

function kindOf({ apiVersion, kind }: ClusterObject): KindInfo {
  const found = kinds.get(`${apiVersion.includes('/') ? apiVersion : `/${apiVersion}`}/${kind}`);
  if (!found) throw new Error(`no ${kind}`);
  return found;
}

const context = {
  now: '2026-01-01T00:00:00Z',
  user: 'u',
  allocateClusterIp: (wanted?: string) => wanted ?? '10.96.0.9',
  allocateNodePort: () => 30_001,
};

function create(object: object): { stored: ClusterObject; causes: string[] } {
  const given = { metadata: { name: 'x' }, ...object } as ClusterObject;
  const { schema, strategy } = kindOf(given);
  const stored = decodeBuiltin(schema, given).object as unknown as ClusterObject;
  strategy.defaults(stored);
  strategy.prepareForCreate(stored, context);
  return { stored, causes: strategy.validate(stored).map(({ field, message }) => `${field}: ${message}`) };
}

const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'nginx:1' }] } };
const deployment = (spec: object = {}): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  spec: { selector: { matchLabels: { a: 'b' } }, template, ...spec },
});

describe('a new object', () => {
  test('of Deployment has its strategy, limits and an empty status', () => {
    const { stored, causes } = create(deployment());
    expect(causes).toEqual([]);
    expect(stored).toMatchObject({
      spec: {
        replicas: 1,
        progressDeadlineSeconds: 600,
        revisionHistoryLimit: 10,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      },
      status: {},
    });
    expect(stored['spec'].template.spec.containers[0]).toMatchObject({
      imagePullPolicy: 'IfNotPresent',
      terminationMessagePath: '/dev/termination-log',
      resources: {},
    });
  });

  test('of Service gets an address, and node ports if its type has them', () => {
    const { stored } = create({ apiVersion: 'v1', kind: 'Service', spec: { type: 'NodePort', ports: [{ port: 80 }] } });
    expect(stored['spec']).toMatchObject({
      clusterIP: '10.96.0.9',
      clusterIPs: ['10.96.0.9'],
      ports: [{ port: 80, targetPort: 80, protocol: 'TCP', nodePort: 30_001 }],
    });
  });

  test('of Secret keeps text as base64 data only', () => {
    const { stored } = create({ apiVersion: 'v1', kind: 'Secret', stringData: { a: '1' } });
    expect(stored).toMatchObject({ type: 'Opaque', data: { a: 'MQ==' } });
    expect(stored['stringData']).toBeUndefined();
  });

  test('of Pod is pending, with the class of service its resources earn', () => {
    const resources = { limits: { cpu: '1', memory: '1Gi' } };
    const { stored } = create({
      apiVersion: 'v1',
      kind: 'Pod',
      spec: { containers: [{ name: 'c', image: 'i', resources }] },
      status: { phase: 'Running' },
    });
    expect(stored['status']).toEqual({ phase: 'Pending', qosClass: 'Guaranteed' });
  });
});

test.each<[object, string[], string]>([
  [
    deployment({ selector: { matchLabels: { a: 'c' } } }),
    ['spec.template.metadata.labels: Invalid value: {"a":"b"}: `selector` does not match template `labels`'],
    'a selector must find its own pods',
  ],
  [
    deployment({ replicas: -1 }),
    ['spec.replicas: Invalid value: -1: must be greater than or equal to 0'],
    'no fewer than none',
  ],
  [
    deployment({ template: { ...template, spec: { containers: [] } } }),
    ['spec.template.spec.containers: Required value'],
    'a pod needs a container',
  ],
  [{ apiVersion: 'v1', kind: 'Service', spec: {} }, ['spec.ports: Required value'], 'a service needs a port'],
  [
    { apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/tls', data: { 'tls.crt': 'AA==' } },
    ['data[tls.key]: Required value'],
    'a typed secret needs its keys',
  ],
  [
    { apiVersion: 'v1', kind: 'ConfigMap', data: { '../x': '' } },
    [
      "data[../x]: Invalid value: \"../x\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
      'data[../x]: Invalid value: "../x": must not start with \'..\'',
    ],
    'keys become file names',
  ],
  [
    {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      spec: {
        schedule: '61 * * * *',
        jobTemplate: {
          spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i' }] } } },
        },
      },
    },
    ['spec.schedule: Invalid value: "61 * * * *": end of range (61) above maximum (59): 61'],
    'a schedule that can come',
  ],
  [
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', rules: [{ apiGroups: [''], resources: ['pods'] }] },
    ['rules[0].verbs: Required value: verbs must contain at least one value'],
    'a rule allows something',
  ],
])('%j is refused with %j: %s', (object, causes) => expect(create(object).causes).toEqual(causes));

test.each<[object, object, string]>([
  [deployment(), deployment({ selector: { matchLabels: { a: 'b', c: 'd' } } }), 'a selector is for ever'],
  [
    { apiVersion: 'v1', kind: 'ConfigMap', immutable: true, data: { a: '1' } },
    { apiVersion: 'v1', kind: 'ConfigMap', immutable: true, data: { a: '2' } },
    'immutable means it',
  ],
  [
    { apiVersion: 'v1', kind: 'Secret', type: 'a' },
    { apiVersion: 'v1', kind: 'Secret', type: 'b' },
    'a secret keeps its type',
  ],
  [
    { apiVersion: 'v1', kind: 'Pod', spec: template.spec },
    { apiVersion: 'v1', kind: 'Pod', spec: { ...template.spec, hostNetwork: true } },
    'a pod keeps its spec',
  ],
])('%j does not become %j: %s', (before, after) => {
  const [old, next] = [create(before).stored, create(after).stored];
  expect(kindOf(next).strategy.validateUpdate(next, old)).not.toEqual([]);
  expect(kindOf(old).strategy.validateUpdate(structuredClone(old), old)).toEqual([]);
});

test('the status of a deployment takes annotations, not labels', () => {
  const spec = { selector: { matchLabels: { a: 'b' } }, template };
  const old = create({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { labels: { team: 'shop' } },
    spec,
  }).stored;
  const next = structuredClone(old);
  next.metadata.labels = { team: 'other' };
  next.metadata.annotations = { note: 'seen' };
  kindOf(old).strategy.prepareForStatusUpdate(next, old);
  expect(next.metadata).toMatchObject({ labels: { team: 'shop' }, annotations: { note: 'seen' } });
});
