import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { LogOptions } from '../../../node-runtime.ts';
import { refs } from '../../../reconcile/resource-refs.ts';
import { namespace, patience, type RunningNode, shell, startRunningNode } from './running-node.ts';
import { engineMissing } from './test-engine.ts';

const missing = engineMissing();
const lasting = 'exec sleep 1000';
const inState = (state: object, more: object = {}): object => ({ containerStatuses: [{ state, ...more }] });
const waitsFor = (reason: string, message: string | RegExp): object =>
  inState({ waiting: { reason, message: expect.stringMatching(message) as string } });

const cases = [
  {
    why: 'a hook that fails ends its container, and the restarts wait longer and longer',
    name: 'bad-hook',
    spec: {
      terminationGracePeriodSeconds: 1,
      containers: [shell(lasting, { lifecycle: { postStart: { exec: { command: ['false'] } } } })],
    },
    status: {
      containerStatuses: [
        {
          restartCount: 1,
          state: { waiting: { reason: 'CrashLoopBackOff' } },
          lastState: { terminated: { exitCode: 137, reason: 'Error' } },
        },
      ],
    },
    event: { type: 'Warning', reason: 'FailedPostStartHook', message: 'PostStartHook failed' },
  },
  {
    why: 'what is no name of an image is never pulled',
    name: 'bad-name',
    spec: { containers: [shell(lasting, { image: 'Bad::Image' })] },
    status: waitsFor('InvalidImageName', /repository name \(library\/Bad\) must be lowercase$/),
    event: { type: 'Warning', reason: 'InspectFailed' },
  },
  {
    why: 'an image nobody has is asked for again, later and later',
    name: 'no-image',
    spec: { containers: [shell(lasting, { image: 'localhost:1/none/missing:1' })] },
    status: waitsFor('ImagePullBackOff', /^Back-off pulling image "localhost:1\/none\/missing:1": ErrImagePull: /),
    event: { type: 'Normal', reason: 'BackOff', message: 'Back-off pulling image "localhost:1/none/missing:1"' },
  },
  {
    why: 'a variable from nowhere',
    name: 'no-source',
    spec: {
      containers: [
        shell(lasting, { env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'none', key: 'a' } } }] }),
      ],
    },
    status: waitsFor('CreateContainerConfigError', /^configmap "none" not found$/),
    event: { type: 'Warning', reason: 'Failed', message: 'Error: configmap "none" not found' },
  },
  {
    why: 'a volume from nowhere',
    name: 'no-volume',
    spec: { containers: [shell(lasting)], volumes: [{ name: 'v', secret: { secretName: 'none' } }] },
    status: { phase: 'Pending', ...inState({ waiting: { reason: 'ContainerCreating' } }) },
    event: { reason: 'FailedMount', message: 'MountVolume.SetUp failed for volume "v" : secret "none" not found' },
  },
  {
    why: 'nobody may be root who may not',
    name: 'root',
    spec: { containers: [shell(lasting, { securityContext: { runAsNonRoot: true } })] },
    status: waitsFor(
      'CreateContainerConfigError',
      /^container has runAsNonRoot and image will run as root \(pod: "root_default\([0-9a-f-]+\)", container: c\)$/,
    ),
    event: { type: 'Warning', reason: 'Failed' },
  },
  {
    why: 'a first step that fails is the end of a pod that is not to be tried again',
    name: 'bad-init',
    spec: {
      restartPolicy: 'Never',
      initContainers: [{ ...shell('exit 5'), name: 'first' }],
      containers: [shell(lasting)],
    },
    status: {
      phase: 'Failed',
      initContainerStatuses: [{ state: { terminated: { exitCode: 5 } } }],
      ...inState({ waiting: { reason: 'PodInitializing' } }),
    },
    event: { reason: 'Started', message: 'Container started' },
  },
  {
    why: 'a pod has no more time than it is given',
    name: 'late',
    spec: { activeDeadlineSeconds: 3, terminationGracePeriodSeconds: 0, containers: [shell(lasting)] },
    status: { phase: 'Failed', reason: 'DeadlineExceeded' },
    event: { type: 'Normal', reason: 'DeadlineExceeded' },
  },
  {
    why: 'who fills a volume beyond its limit has to go',
    name: 'full',
    spec: {
      containers: [
        shell(`head -c 3000000 /dev/zero > /v/x; ${lasting}`, { volumeMounts: [{ name: 'v', mountPath: '/v' }] }),
      ],
      volumes: [{ name: 'v', emptyDir: { sizeLimit: '1Mi' } }],
    },
    status: {
      phase: 'Failed',
      reason: 'Evicted',
      message: 'Usage of EmptyDir volume "v" exceeds the limit "1Mi". ',
      ...inState({ terminated: { exitCode: 137 } }),
    },
    event: { type: 'Warning', reason: 'Evicted' },
  },
  {
    why: 'probes of every sort have their say',
    name: 'probed',
    spec: {
      terminationGracePeriodSeconds: 0,
      containers: [
        shell(`mkdir /w; echo yes > /w/index.html; exec httpd -f -p 8080 -h /w`, {
          ports: [{ name: 'web', containerPort: 8080 }],
          startupProbe: { tcpSocket: { port: 'web' }, periodSeconds: 1, failureThreshold: 60 },
          readinessProbe: { httpGet: { path: '/index.html', port: 'web' }, periodSeconds: 1 },
          livenessProbe: { exec: { command: ['true'] }, periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 10 },
        }),
        {
          ...shell(lasting),
          name: 'slow',
          readinessProbe: { exec: { command: ['no-such-program'] }, periodSeconds: 1 },
        },
      ],
    },
    status: {
      phase: 'Running',
      containerStatuses: [
        { name: 'c', ready: true, started: true, restartCount: 0 },
        { name: 'slow', ready: false },
      ],
    },
    event: {
      type: 'Warning',
      reason: 'Unhealthy',
      message: expect.stringMatching(
        /^Readiness probe errored and resulted in unknown state: .*exec: "no-such-program": executable file not found/,
      ) as string,
    },
  },
  {
    why: 'its last wish is heard before a container ends',
    name: 'wishes',
    spec: {
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 5,
      activeDeadlineSeconds: 3,
      containers: [
        shell(`trap 'exit 4' TERM; while :; do sleep 0.1; done`, {
          lifecycle: { preStop: { exec: { command: ['sh', '-c', 'echo -n bye > /dev/termination-log'] } } },
        }),
      ],
    },
    status: inState({ terminated: { exitCode: 4, message: 'bye' } }),
    event: { type: 'Normal', reason: 'Killing', message: 'Stopping container c' },
  },
] as const;

const volumes = {
  securityContext: { fsGroup: 2000, runAsUser: 1000 },
  terminationGracePeriodSeconds: 0,
  containers: [
    shell(lasting, {
      env: [
        { name: 'HOST', valueFrom: { fieldRef: { fieldPath: 'status.hostIP' } } },
        { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
        { name: 'LIMIT', valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1Mi' } } },
        { name: 'GONE', valueFrom: { secretKeyRef: { name: 'none', key: 'a', optional: true } } },
      ],
      envFrom: [{ prefix: 'CM_', configMapRef: { name: 'settings' } }],
      resources: { requests: { memory: '20Mi' }, limits: { memory: '40Mi' } },
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } },
      volumeMounts: [
        { name: 'settings', mountPath: '/settings' },
        { name: 'settings', mountPath: '/etc/one', subPath: 'a' },
        { name: 'all', mountPath: '/all', readOnly: true },
        { name: 'kept', mountPath: '/kept', subPathExpr: 'of-$(CM_b)' },
        { name: 'own', mountPath: '/own' },
        { name: 'small', mountPath: '/small' },
      ],
    }),
  ],
  volumes: [
    {
      name: 'settings',
      configMap: {
        name: 'settings',
        items: [
          { key: 'a', path: 'a' },
          { key: 'b', path: 'in/b' },
        ],
      },
    },
    {
      name: 'all',
      projected: {
        sources: [
          { secret: { name: 'hidden' } },
          { downwardAPI: { items: [{ path: 'name', fieldRef: { fieldPath: 'metadata.name' } }] } },
          { serviceAccountToken: { path: 'token', audience: 'somebody', expirationSeconds: 600 } },
        ],
      },
    },
    { name: 'kept', persistentVolumeClaim: { claimName: 'kept' } },
    { name: 'own', ephemeral: { volumeClaimTemplate: { spec: claimSpec('local-path') } } },
    { name: 'small', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } },
  ],
};

function claimSpec(storageClassName: string): object {
  return { storageClassName, accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } };
}

const server = {
  terminationGracePeriodSeconds: 0,
  containers: [
    shell('mkdir /w; hostname > /w/index.html; echo one; echo two >&2; exec httpd -f -p 127.0.0.1:8080 -h /w', {
      stdin: true,
    }),
  ],
};

describe.skipIf(missing !== undefined)('what becomes of pods on an engine', { timeout: 150_000 }, () => {
  let running: RunningNode;
  beforeAll(async () => {
    running = await startRunningNode();
    const { client } = running.cluster;
    const metadata = (name: string): object => ({ metadata: { name, namespace } });
    const settings = { apiVersion: 'v1', kind: 'ConfigMap', ...metadata('settings'), data: { a: '1', b: 'two' } };
    const hidden = { apiVersion: 'v1', kind: 'Secret', ...metadata('hidden'), stringData: { s: 'hush' } };
    const kept = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', ...metadata('kept'), spec: claimSpec('simulated') };
    await client.create(refs.configMaps, settings as never); // a whole object
    await client.create({ group: '', resource: 'secrets' }, hidden as never); // as above
    await client.create({ group: '', resource: 'persistentvolumeclaims' }, kept as never); // as above
    await running.createPod('volumes', volumes);
    await running.createPod('server', server);
    for (const { name, spec } of cases) await running.createPod(name, spec);
  }, 150_000);
  afterAll(() => running.stop(), 100_000);

  test.each(cases)('$name: $why', async ({ name, status, event }) => {
    await running.statusBecomes(name, status);
    await running.told(name, event);
  });

  test('a container finds its volumes and variables as the pod says', async () => {
    const { hostIP, podIP } = await running.statusBecomes('volumes', { phase: 'Running' });
    const look = [
      'echo $HOST $IP $LIMIT $CM_a $CM_b $GONE $HOSTNAME',
      'cat /settings/a /settings/in/b /etc/one /all/s /all/name; echo',
      'touch /kept/f /own/f /small/f && stat -c %g /small/f',
      'touch /settings/a 2>/dev/null || echo not here',
      'head -c 2000000 /dev/zero > /small/f 2>/dev/null || echo full',
      'wc -w < /all/token; grep -E "CapEff|NoNewPrivs" /proc/self/status | tr -d "\\n\\t "',
    ];
    const { stdout } = await running.run('volumes', ['sh', '-c', look.join('\n')]);
    expect(stdout.split('\n')).toEqual([
      `${hostIP} ${podIP} 40 1 two volumes`,
      '1two1hushvolumes',
      '2000',
      'not here',
      'full',
      '1',
      'CapEff:0000000000000400NoNewPrivs:1',
    ]);
    await running.statusBecomes('volumes', {
      containerStatuses: [
        {
          user: { linux: { uid: 1000 } },
          resources: { limits: { memory: '40Mi' } },
          allocatedResources: { memory: '20Mi' },
          volumeMounts: expect.arrayContaining([
            { name: 'all', mountPath: '/all', readOnly: true, recursiveReadOnly: 'Disabled' },
          ]) as object[],
        },
      ],
    });
  });

  test('commands run in a container with their input, and end with their own exit code', async () => {
    await running.statusBecomes('server', { phase: 'Running' });
    const ended = await running.run('server', ['sh', '-c', 'cat; echo no >&2; exit 7'], 'in\n');
    expect(ended).toEqual({ exitCode: 7, stdout: 'in\n', stderr: 'no\n' });
    await expect(running.run('server', ['nothing'])).rejects.toMatchObject({
      message: expect.stringMatching(/exec: "nothing": executable file not found in \$PATH$/) as string,
    });
  });

  test('a terminal has the size it is given', async () => {
    await running.statusBecomes('server', { phase: 'Running' });
    const { runtime } = running.node;
    const command = ['sh', '-c', 'until stty size 2>/dev/null | grep -q "40 123"; do sleep 0.1; done; stty size'];
    const session = await runtime.exec(await running.keyOf('server'), { container: 'c', command, tty: true });
    const stdout = new PassThrough();
    const read = text(stdout);
    const sizes = Readable.from([{ columns: 123, rows: 40 }]);
    await session.run({ stdin: new PassThrough(), stdout, resize: sizes, signal: new AbortController().signal });
    stdout.end();
    expect(await read).toBe('40 123\r\n');
  });

  test('a port that a pod keeps to itself is forwarded all the same', async () => {
    await running.statusBecomes('server', { phase: 'Running' });
    const ports = await running.node.runtime.portForward(await running.keyOf('server'));
    const answer = await vi.waitFor(async () => {
      const connection = await ports.connect(8080);
      connection.write('GET /index.html HTTP/1.0\r\n\r\n');
      return text(connection);
    }, patience);
    expect(answer).toMatch(/^HTTP\/1\.[01] 200 .*\r\n\r\nserver\n$/s);
    await expect(ports.connect(9)).rejects.toMatchObject({
      message: expect.stringContaining('connection refused') as string,
    });
  });

  test.each([
    { why: 'all of it, from both outputs', options: {}, expected: /^(one\ntwo\n|two\none\n)$/ },
    { why: 'the end', options: { tailLines: 1 }, expected: /^(one|two)\n$/ },
    { why: 'so many bytes', options: { limitBytes: 2 }, expected: /^(on|tw)$/ },
    { why: 'with the time', options: { timestamps: true }, expected: /^(\d{4}-\d\d-\d\dT[\d:.]+Z \w{3}\n){2}$/ },
    { why: 'nothing of what is to come', options: { sinceTime: '2999-01-01T00:00:00Z' }, expected: /^$/ },
  ])('a log: $why', async ({ options, expected }) => {
    await running.statusBecomes('server', { phase: 'Running' });
    const key = await running.keyOf('server');
    const asked: LogOptions = { container: 'c', signal: new AbortController().signal, ...options };
    await vi.waitFor(async () => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of running.node.runtime.logs(key, asked)) chunks.push(chunk);
      expect(Buffer.concat(chunks).toString()).toMatch(expected);
    }, patience);
  });

  test('a container that is added to a running pod sees the processes of its target', async () => {
    await running.statusBecomes('server', { phase: 'Running' });
    const { client } = running.cluster;
    const container = { ...shell('cat /proc/1/cmdline | tr "\\0" " " > /dev/termination-log'), name: 'look' };
    const body = { spec: { ephemeralContainers: [{ ...container, targetContainerName: 'c' }] } };
    await client.patch(refs.pods, namespace, 'server', { type: 'strategic', body } as never, 'ephemeralcontainers'); // as kubectl does
    await running.statusBecomes('server', {
      ephemeralContainerStatuses: [{ state: { terminated: { message: 'httpd -f -p 127.0.0.1:8080 -h /w ' } } }],
    });
  });

  test('what somebody types reaches a container that reads it, and its words come back', async () => {
    const spec = {
      restartPolicy: 'Never',
      containers: [shell('read line; echo "got $line"', { stdin: true, stdinOnce: true })],
    };
    await running.createPod('reads', spec);
    await running.statusBecomes('reads', { phase: 'Running' });
    const session = await running.node.runtime.attach(await running.keyOf('reads'), { container: 'c', tty: false });
    const [stdin, stdout] = [new PassThrough(), new PassThrough()];
    const read = text(stdout);
    const end = session.run({ stdin, stdout, signal: new AbortController().signal });
    stdin.write('this\n');
    await end;
    stdout.end();
    expect(await read).toBe('got this\n');
    await running.statusBecomes('reads', { phase: 'Succeeded' });
  });

  test('what containers use is measured', async () => {
    await running.statusBecomes('server', { phase: 'Running' });
    const [sample] = await running.node.runtime.stats();
    const found = sample?.pods.find(({ pod }) => pod.name === 'server');
    expect(found?.containers).toEqual([expect.objectContaining({ name: 'c' })]);
    expect(found?.containers[0]?.memoryBytes).toBeGreaterThan(0);
    expect(found?.containers[0]?.cpuNanoSeconds).toBeGreaterThan(0);
  });
});
