import { describe, expect, test } from 'vitest';
import { causesOfDeployment, podsOfDeployment } from './cause-of-failure.ts';
import type { ClusterEvent, Container, ContainerStatus, Deployment, Pod, ReplicaSet } from './workload-types.ts';

const nowMs = Date.parse('2026-11-21T14:40:00Z');

interface PodParts {
  name?: string;
  status?: Pod['status'];
  container?: Partial<Container>;
  state?: Partial<ContainerStatus>;
  spec?: Pod['spec'];
}

/** A pod with one container `c` on a node, as the API serves it. */
function pod({ name = 'web-1', status, container, state, spec }: PodParts = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, uid: `uid-${name}` },
    spec: {
      nodeName: 'n1',
      restartPolicy: 'Always',
      containers: [{ name: 'c', image: 'shop/web:1.2', ...container }],
      ...spec,
    },
    status: {
      phase: 'Running',
      ...(state ? { containerStatuses: [{ name: 'c', ready: false, restartCount: 2, ...state }] } : {}),
      ...status,
    },
  };
}

function event(reason: string, message: string, about: Partial<ClusterEvent['involvedObject']> = {}): ClusterEvent {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: reason },
    involvedObject: { kind: 'Pod', name: 'web-1', uid: 'uid-web-1', fieldPath: 'spec.containers{c}', ...about },
    type: 'Warning',
    reason,
    message,
    lastTimestamp: '2026-11-21T14:39:00Z',
  };
}

function deployment(parts: Partial<Deployment> = {}): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', uid: 'd' },
    spec: { replicas: 1 },
    ...parts,
  };
}

const crashed = (terminated: object) => ({
  state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 10s restarting failed container' } },
  lastState: { terminated: { exitCode: 1, ...terminated } },
});
const refused = (message: string) =>
  deployment({ status: { conditions: [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message }] } });
const late = deployment({
  spec: { replicas: 1, progressDeadlineSeconds: 20 },
  status: { conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }] },
});

interface Row {
  why: string;
  deployment?: Deployment;
  pods?: Pod[];
  events?: ClusterEvent[];
  expected: object[];
}

// Messages are those a Kubernetes 1.36 with containerd answered.
const rows: Row[] = [
  { why: 'all is ready', pods: [pod({ state: { ready: true, state: { running: {} } } })], expected: [] },
  {
    why: 'none is wanted',
    deployment: deployment({ spec: { replicas: 0 } }),
    pods: [pod({ state: crashed({}) })],
    expected: [],
  },
  {
    why: 'the registry cannot be reached: its answer without the wrappers of the runtime',
    pods: [
      pod({
        status: { phase: 'Pending' },
        state: {
          state: {
            waiting: {
              reason: 'ImagePullBackOff',
              message:
                'Back-off pulling image "shop/web:1.2": ErrImagePull: failed to pull and unpack image "shop/web:1.2": failed to resolve image: failed to do request: Head "https://shop/v2/web/manifests/1.2": dial tcp: lookup shop: i/o timeout',
            },
          },
        },
      }),
    ],
    expected: [
      {
        code: 'imagePull',
        params: { image: 'shop/web:1.2' },
        answer: 'Head "https://shop/v2/web/manifests/1.2": dial tcp: lookup shop: i/o timeout',
        pods: ['web-1'],
      },
    ],
  },
  {
    why: 'older kubelets say no more than that they back off; the event has the answer',
    pods: [
      pod({
        status: { phase: 'Pending' },
        state: { state: { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image "shop/web:1.2"' } } },
      }),
    ],
    events: [
      event(
        'Failed',
        'Failed to pull image "shop/web:1.2": rpc error: code = NotFound desc = failed to pull and unpack image "shop/web:1.2": not found',
      ),
    ],
    expected: [{ code: 'imagePull', answer: 'not found' }],
  },
  {
    why: 'the registry wants a name and password',
    pods: [
      pod({
        status: { phase: 'Pending' },
        state: {
          state: {
            waiting: {
              reason: 'ErrImagePull',
              message:
                'failed to pull and unpack image "shop/web:1.2": pull access denied, repository does not exist or may require authorization',
            },
          },
        },
      }),
    ],
    expected: [{ code: 'imageUnauthorized', steps: ['editYaml', 'events'] }],
  },
  {
    why: 'the name of the image is no name',
    pods: [
      pod({
        status: { phase: 'Pending' },
        state: { state: { waiting: { reason: 'InvalidImageName', message: 'invalid reference format' } } },
      }),
    ],
    expected: [{ code: 'imageNameInvalid', steps: ['editImage'] }],
  },
  {
    why: 'the program ends with an error',
    pods: [pod({ state: crashed({ exitCode: 3, reason: 'Error' }) })],
    expected: [{ code: 'containerExit', params: { container: 'c', code: 3, restarts: 2 }, steps: ['previousLogs'] }],
  },
  {
    why: 'the same just after the end, before the back-off is said',
    pods: [pod({ state: { state: { terminated: { exitCode: 3, reason: 'Error' } } } })],
    expected: [{ code: 'containerExit', params: { code: 3 } }],
  },
  {
    why: 'the program ends well, which a deployment does not want',
    pods: [pod({ state: crashed({ exitCode: 0, reason: 'Completed' }) })],
    expected: [{ code: 'containerEnds' }],
  },
  {
    why: 'memory ran out; 137 alone would look like a kill',
    pods: [
      pod({
        state: crashed({ exitCode: 137, reason: 'OOMKilled' }),
        container: { resources: { limits: { memory: '16Mi' } } },
      }),
    ],
    expected: [{ code: 'containerOom', params: { limit: '16Mi', restarts: 2 } }],
  },
  {
    why: 'a crash by signal has a name',
    pods: [pod({ state: crashed({ exitCode: 139, reason: 'Error' }) })],
    expected: [{ code: 'containerSignal', params: { signal: 'SIGSEGV' } }],
  },
  {
    why: 'killed by the kubelet because its liveness probe failed, not by itself',
    pods: [pod({ state: crashed({ exitCode: 137, reason: 'Error' }) })],
    events: [event('Unhealthy', "Liveness probe failed: cat: can't open '/nope': No such file or directory\n")],
    expected: [{ code: 'livenessProbe', answer: "cat: can't open '/nope': No such file or directory" }],
  },
  {
    why: 'the command does not exist in the image',
    pods: [
      pod({
        state: {
          state: {
            waiting: {
              reason: 'RunContainerError',
              message:
                'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/nope": stat /nope: no such file or directory',
            },
          },
        },
      }),
    ],
    expected: [{ code: 'containerCannotStart', answer: 'exec: "/nope": stat /nope: no such file or directory' }],
  },
  {
    why: 'a config map it reads its environment from is missing',
    pods: [
      pod({
        status: { phase: 'Pending' },
        state: {
          state: { waiting: { reason: 'CreateContainerConfigError', message: 'configmap "missing" not found' } },
        },
      }),
    ],
    expected: [{ code: 'configMissing', answer: 'configmap "missing" not found' }],
  },
  {
    why: 'a secret it mounts is missing: only the event tells',
    pods: [pod({ status: { phase: 'Pending' }, state: { state: { waiting: { reason: 'ContainerCreating' } } } })],
    events: [
      event('FailedMount', 'MountVolume.SetUp failed for volume "v" : secret "nosuch" not found', {
        fieldPath: undefined,
      }),
    ],
    expected: [{ code: 'volumeMount', params: { volume: 'v' }, answer: 'secret "nosuch" not found' }],
  },
  {
    why: 'it runs, but does not say it is ready',
    pods: [
      pod({
        state: { restartCount: 0, state: { running: {} } },
        status: { conditions: [{ type: 'Ready', status: 'False' }] },
      }),
    ],
    events: [
      event(
        'Unhealthy',
        'Readiness probe failed: Get "http://10.88.0.17:8080/healthz": dial tcp 10.88.0.17:8080: connect: connection refused',
      ),
    ],
    expected: [
      {
        code: 'readinessProbe',
        answer: 'Get "http://10.88.0.17:8080/healthz": dial tcp 10.88.0.17:8080: connect: connection refused',
      },
    ],
  },
  {
    why: 'no probe has failed yet: it is merely not ready',
    pods: [
      pod({
        state: { restartCount: 0, state: { running: {} } },
        status: { conditions: [{ type: 'Ready', status: 'False' }] },
      }),
    ],
    expected: [{ code: 'notReady', passing: true }],
  },
  {
    why: 'an init container fails, and the others wait for it',
    pods: [
      pod({
        state: { state: { waiting: { reason: 'PodInitializing' } } },
        status: {
          phase: 'Pending',
          initContainerStatuses: [{ name: 'i', restartCount: 2, ...crashed({ exitCode: 7 }) }],
        },
      }),
    ],
    expected: [{ code: 'containerExit', container: 'i', params: { code: 7 } }],
  },
  {
    why: 'no node has room',
    pods: [
      pod({
        spec: { nodeName: undefined },
        status: {
          phase: 'Pending',
          conditions: [
            {
              type: 'PodScheduled',
              status: 'False',
              reason: 'Unschedulable',
              message: '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate',
            },
          ],
        },
      }),
    ],
    expected: [
      { code: 'unschedulable', answer: '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate' },
    ],
  },
  {
    why: 'it waits for a volume claim nobody made',
    pods: [
      pod({
        spec: { nodeName: undefined },
        status: {
          phase: 'Pending',
          conditions: [
            {
              type: 'PodScheduled',
              status: 'False',
              reason: 'Unschedulable',
              message: '0/1 nodes are available: persistentvolumeclaim "data" not found. not found',
            },
          ],
        },
      }),
    ],
    expected: [{ code: 'claimMissing', params: { claim: 'data' } }],
  },
  {
    why: 'the image is being pulled: on its way',
    pods: [pod({ status: { phase: 'Pending' }, state: { state: { waiting: { reason: 'ContainerCreating' } } } })],
    events: [event('Pulling', 'Pulling image "shop/web:1.2"')],
    expected: [{ code: 'pulling', params: { image: 'shop/web:1.2' }, passing: true }],
  },
  {
    why: 'it runs again, but ended twice within the hour',
    pods: [
      pod({
        state: {
          ready: true,
          state: { running: {} },
          lastState: { terminated: { exitCode: 137, reason: 'OOMKilled', finishedAt: '2026-11-21T14:10:00Z' } },
        },
      }),
    ],
    expected: [{ code: 'containerOom', recovered: true }],
  },
  {
    why: 'an end of yesterday is no news',
    pods: [
      pod({
        state: {
          ready: true,
          state: { running: {} },
          lastState: { terminated: { exitCode: 1, finishedAt: '2026-11-20T14:10:00Z' } },
        },
      }),
    ],
    expected: [],
  },
  {
    why: 'the quota is used up, so no pod exists at all',
    deployment: refused(
      'pods "web-" is forbidden: exceeded quota: small, requested: limits.cpu=2, used: limits.cpu=500m, limited: limits.cpu=1',
    ),
    expected: [
      {
        code: 'quotaExceeded',
        params: { quota: 'small', resource: 'limits.cpu', asked: '2', used: '500m', limit: '1' },
        pods: [],
      },
    ],
  },
  {
    why: 'the quota wants a limit to be stated',
    deployment: refused('pods "web-x" is forbidden: failed quota: small: must specify limits.cpu for: c'),
    expected: [{ code: 'quotaNeedsValue', params: { quota: 'small', resource: 'limits.cpu', containers: 'c' } }],
  },
  {
    why: 'the service account does not exist',
    deployment: refused(
      'pods "web-" is forbidden: error looking up service account shop/ghost: serviceaccount "ghost" not found',
    ),
    expected: [{ code: 'serviceAccountMissing', params: { account: 'ghost' } }],
  },
  {
    why: 'a webhook says no, and which',
    deployment: refused('admission webhook "images.acme.io" denied the request: image is not signed'),
    expected: [{ code: 'admissionDenied', params: { by: 'images.acme.io' }, answer: 'image is not signed' }],
  },
  {
    why: 'a refusal nobody foresaw keeps its words',
    deployment: refused('pods "web-" is forbidden: the moon is full'),
    expected: [{ code: 'podRefused', answer: 'pods "web-" is forbidden: the moon is full' }],
  },
  {
    why: 'past the deadline, and nothing better is known',
    deployment: late,
    expected: [{ code: 'deadline', params: { seconds: 20 } }],
  },
  {
    why: 'past the deadline because of something: the something is said',
    deployment: late,
    pods: [pod({ state: crashed({ exitCode: 3 }) })],
    expected: [{ code: 'containerExit' }],
  },
  {
    why: 'one cause on many pods is one cause, before what is merely on its way',
    pods: [
      pod({
        name: 'web-0',
        status: { phase: 'Pending' },
        state: { state: { waiting: { reason: 'ContainerCreating' } } },
      }),
      pod({ state: crashed({ exitCode: 3 }) }),
      pod({ name: 'web-2', state: crashed({ exitCode: 3 }) }),
    ],
    expected: [
      { code: 'containerExit', pods: ['web-1', 'web-2'] },
      { code: 'creating', pods: ['web-0'] },
    ],
  },
  {
    why: 'a pod that is being deleted ails nobody',
    pods: [{ ...pod({ state: crashed({}) }), metadata: { name: 'web-1', deletionTimestamp: '2026-11-21T14:39:00Z' } }],
    expected: [],
  },
];

describe('causesOfDeployment', () => {
  test.each(rows)('$why', ({ deployment: object = deployment(), pods = [], events = [], expected }) => {
    const causes = causesOfDeployment({ deployment: object, pods, events, nowMs });
    expect(causes).toMatchObject(expected);
    expect(causes).toHaveLength(expected.length);
  });
});

test('events of an earlier pod of the same name say nothing about this one', () => {
  const stale = event('Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 500', {
    uid: 'an-older-uid',
  });
  const unready = pod({
    state: { restartCount: 0, state: { running: {} } },
    status: { conditions: [{ type: 'Ready', status: 'False' }] },
  });
  expect(causesOfDeployment({ deployment: deployment(), pods: [unready], events: [stale], nowMs })).toMatchObject([
    { code: 'notReady' },
  ]);
});

test('the pods of a deployment are those of the replica sets it controls, not those its selector happens to match', () => {
  const owned = (uid: string) => [{ apiVersion: 'apps/v1', kind: 'X', name: 'x', uid, controller: true }];
  const set = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'web-a', uid: 'rs', ownerReferences: owned('d') },
  } satisfies ReplicaSet;
  const mine = { ...pod(), metadata: { name: 'mine', ownerReferences: owned('rs') } };
  expect(
    podsOfDeployment(deployment(), [set], [mine, pod({ name: 'stranger' })]).map(({ metadata }) => metadata.name),
  ).toEqual(['mine']);
});
