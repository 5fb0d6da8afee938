import { describe, expect, test } from 'vitest';
import type { ClusterObject } from '../../client.ts';
import { builtinKinds } from '../kinds/builtin-kinds.ts';
import type { Json } from '../schema/schema.ts';
import { humanDuration } from './age.ts';
import { jsonPath } from './json-path.ts';
import { tableOf } from './table-of.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

test.each([
  [0, '0s'],
  [119 * second, '119s'],
  [2 * minute + 3 * second, '2m3s'],
  [179 * minute, '179m'],
  [3 * hour + 5 * minute, '3h5m'],
  [47 * hour, '47h'],
  [3 * day + 4 * hour, '3d4h'],
  [100 * day, '100d'],
  [3 * 365 * day + 20 * day, '3y20d'],
])('%d ms is %s', (durationMs, text) => expect(humanDuration(durationMs)).toBe(text));

const object = {
  spec: {
    n: 1,
    list: [
      { type: 'A', v: 1 },
      { type: 'B', v: 2 },
    ],
  },
  metadata: { labels: { 'a.b/c': 'x' } },
};

test.each<[string, Json[], string]>([
  ['.spec.n', [1], 'a field'],
  ['.spec.list[*].v', [1, 2], 'all items'],
  ['.spec.list[-1].v', [2], 'from the end'],
  ['.spec.list[?(@.type=="B")].v', [2], 'a filter'],
  ["['metadata'].labels['a.b/c']", ['x'], 'quoted names'],
  ['.metadata.labels.a\\.b/c', ['x'], 'escaped dots'],
  ['.spec.nothing[0]', [], 'nothing there'],
  ['.spec[', [], 'no path at all'],
])('%s finds %j: %s', (path, found) => expect(jsonPath(object, path)).toEqual(found));

const kinds = builtinKinds();
const nowMs = Date.parse('2026-01-01T01:00:00Z');
const created = '2026-01-01T00:00:00Z';

function cells(apiVersion: string, kind: string, content: object): unknown {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const info = kinds.find((k) => k.group === group && k.version === version && k.kind === kind);
  if (!info) throw new Error(`no ${kind}`);
  const row = { apiVersion, kind, metadata: { name: 'x', creationTimestamp: created }, ...content } as ClusterObject;
  const { columnDefinitions, rows } = tableOf(info, [row], nowMs);
  expect(rows[0]?.cells).toHaveLength(columnDefinitions.length);
  return rows[0]?.cells;
}

const running = { name: 'c', ready: true, restartCount: 0, state: { running: {} } };
const container = { spec: { containers: [{ name: 'c', image: 'i:1' }], nodeName: 'n1' } };
const pod = (status: object, metadata = {}): unknown[] =>
  (cells('v1', 'Pod', { ...container, status: { phase: 'Running', ...status }, ...metadata }) as unknown[]).slice(1, 5);

describe('pods', () => {
  test.each<[object, unknown[], string]>([
    [{ containerStatuses: [running] }, ['1/1', 'Running', '0', '60m'], 'all is well'],
    [{ phase: 'Pending' }, ['0/1', 'Pending', '0', '60m'], 'nothing has started'],
    [
      {
        containerStatuses: [
          {
            ...running,
            ready: false,
            state: { waiting: { reason: 'CrashLoopBackOff' } },
            restartCount: 3,
            lastState: { terminated: { finishedAt: '2026-01-01T00:58:00Z' } },
          },
        ],
      },
      ['0/1', 'CrashLoopBackOff', '3 (2m ago)', '60m'],
      'the last restart has an age',
    ],
    [
      { phase: 'Failed', containerStatuses: [{ ...running, ready: false, state: { terminated: { exitCode: 3 } } }] },
      ['0/1', 'ExitCode:3', '0', '60m'],
      'an exit code without a reason',
    ],
    [{ phase: 'Failed', reason: 'Evicted' }, ['0/1', 'Evicted', '0', '60m'], 'the reason says more than the phase'],
  ])('%j is %j: %s', (status, expected) => expect(pod(status)).toEqual(expected));

  test('init containers count up', () => {
    const spec = { ...container.spec, initContainers: [{ name: 'a' }, { name: 'b' }] };
    const status = {
      phase: 'Pending',
      initContainerStatuses: [
        { name: 'a', state: { terminated: { exitCode: 0 } } },
        { name: 'b', state: { running: {} } },
      ],
    };
    expect((cells('v1', 'Pod', { spec, status }) as unknown[])[2]).toBe('Init:1/2');
  });

  test('one that is being deleted is terminating', () => {
    const metadata = { metadata: { name: 'x', creationTimestamp: created, deletionTimestamp: created } };
    expect(pod({ containerStatuses: [running] }, metadata)[1]).toBe('Terminating');
  });
});

test.each<[string, string, object, unknown[]]>([
  [
    'apps/v1',
    'Deployment',
    {
      spec: { replicas: 3, selector: { matchLabels: { a: 'b' } }, template: container },
      status: { readyReplicas: 2, updatedReplicas: 3, availableReplicas: 2 },
    },
    ['x', '2/3', 3, 2, '60m', 'c', 'i:1', 'a=b'],
  ],
  [
    'v1',
    'Service',
    {
      spec: {
        type: 'NodePort',
        clusterIP: '10.0.0.1',
        clusterIPs: ['10.0.0.1'],
        ports: [{ port: 80, nodePort: 30080, protocol: 'TCP' }],
        selector: { a: 'b' },
      },
    },
    ['x', 'NodePort', '10.0.0.1', '<none>', '80:30080/TCP', '60m', 'a=b'],
  ],
  [
    'v1',
    'Node',
    { spec: { unschedulable: true }, status: { conditions: [{ type: 'Ready', status: 'True' }] } },
    ['x', 'Ready,SchedulingDisabled', '<none>', '60m', '', '<none>', '<none>', '<unknown>', '<unknown>', '<unknown>'],
  ],
  [
    'batch/v1',
    'Job',
    { spec: { completions: 2, template: container }, status: { succeeded: 1, startTime: created } },
    ['x', 'Running', '1/2', '60m', '60m', 'c', 'i:1', '<none>'],
  ],
  ['v1', 'ConfigMap', { data: { a: '1' }, binaryData: { b: 'AA==' } }, ['x', 2, '60m']],
])('%s %s', (...[apiVersion, kind, content, expected]) => expect(cells(apiVersion, kind, content)).toEqual(expected));
