import { describe, expect, test } from 'vitest';
import { envSource, mountLines, podSummary, probeLine } from './pod-summary.ts';
import type { Pod } from './workload-types.ts';

test('a pod counts its ready containers and restarts, and says when it is only played', () => {
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', annotations: { 'node.cluster.local/simulated': 'true' } },
    spec: { containers: [{ name: 'a' }, { name: 'b' }] },
    status: {
      containerStatuses: [
        {
          name: 'a',
          ready: true,
          restartCount: 2,
          lastState: { terminated: { exitCode: 1, finishedAt: '2026-01-01T00:00:00Z' } },
        },
        { name: 'b' },
      ],
    },
  };
  expect(podSummary(pod)).toEqual({
    ready: 1,
    containers: 2,
    restarts: 2,
    simulated: true,
    lastRestart: '2026-01-01T00:00:00Z',
  });
});

describe('envSource', () => {
  test.each([
    [
      { name: 'A', value: 'x' },
      { from: 'value', value: 'x' },
    ],
    [{ name: 'A' }, { from: 'value', value: '' }],
    [
      { name: 'A', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
      { from: 'secret', object: 's', key: 'k' },
    ],
    [
      { name: 'A', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
      { from: 'field', path: 'status.podIP' },
    ],
  ])('%j', (variable, expected) => expect(envSource(variable)).toEqual(expected));
});

describe('probeLine', () => {
  test.each([
    [{ httpGet: { path: '/healthz', port: 8080 } }, 'GET :8080/healthz'],
    [{ httpGet: { port: 'https', scheme: 'HTTPS' } }, 'HTTPS GET :https/'],
    [{ tcpSocket: { port: 5432 } }, 'TCP :5432'],
    [{ exec: { command: ['cat', '/tmp/ready'] } }, 'cat /tmp/ready'],
  ])('%j', (probe, expected) => expect(probeLine(probe)).toBe(expected));
});

test('mounts name what is behind them and leave the platform token out', () => {
  const container = {
    name: 'c',
    volumeMounts: [
      { name: 'conf', mountPath: '/etc/app', readOnly: true },
      { name: 'data', mountPath: '/data' },
      { name: 'token', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
    ],
  };
  const volumes = [
    { name: 'conf', configMap: { name: 'settings' } },
    { name: 'data', persistentVolumeClaim: { claimName: 'pvc' } },
  ];
  expect(mountLines(container, { volumes })).toEqual([
    { path: '/etc/app', kind: 'configMap', source: 'settings', readOnly: true },
    { path: '/data', kind: 'claim', source: 'pvc', readOnly: false },
  ]);
});
