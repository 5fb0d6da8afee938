import { cause, type Cause, type CauseCode } from './cause.ts';
import type { ClusterEvent, Container, ContainerStatus, Pod, TerminatedState } from './workload-types.ts';

/** One container of a pod with all that is known about it. */
export interface ContainerFacts {
  readonly pod: Pod;
  readonly status: ContainerStatus;
  readonly spec: Container | undefined;
  /** About this pod, newest first. */
  readonly events: readonly ClusterEvent[];
  readonly init: boolean;
  readonly nowMs: number;
}

/** A container that ended this recently is worth a word although it runs again. */
const recentMs = 60 * 60_000;

const noAccess = /unauthori[sz]ed|authentication required|denied|no basic auth|forbidden|401|403/i;

const signalNames: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  15: 'SIGTERM',
};

/** The part of a runtime's chained error that tells something: what comes after its own wrappers. */
export function rootOfAnswer(message: string): string {
  const wrappers =
    /^(?:Back-off pulling image "[^"]*":\s*|ErrImagePull:\s*|rpc error: code = \w+ desc = |failed to pull and unpack image "[^"]*":\s*|failed to resolve (?:reference "[^"]*"|image):\s*|failed to do request:\s*|failed to create containerd task:\s*|failed to create shim task:\s*|OCI runtime create failed:\s*|runc create failed:\s*|unable to start container process:\s*|Error:\s*)/;
  let rest = message.trim();
  while (wrappers.test(rest)) rest = rest.replace(wrappers, '');
  return rest === '' ? message.trim() : rest;
}

/** What the registry said. A kubelet that merely backs off leaves it to the event of the last attempt. */
function registryAnswer({ status, events }: ContainerFacts): string {
  const said = rootOfAnswer(status.state?.waiting?.message ?? '');
  if (said !== '' && !said.startsWith('Back-off')) return said;
  const failed = events.find(({ reason, message }) => reason === 'Failed' && message?.includes('Failed to pull image'));
  return failed?.message ? rootOfAnswer(failed.message.replace(/^Failed to pull image "[^"]*":\s*/, '')) : said;
}

function imageCause(facts: ContainerFacts): Cause {
  const { pod, status, spec } = facts;
  const image = spec?.image ?? status.image ?? '';
  const answer = registryAnswer(facts);
  const code = noAccess.test(answer) ? 'imageUnauthorized' : 'imagePull';
  return cause(code, {
    params: { image, container: status.name },
    answer,
    container: status.name,
    pod: pod.metadata.name,
  });
}

const waitingCauses: Readonly<Record<string, (facts: ContainerFacts) => Cause>> = {
  ErrImagePull: imageCause,
  ImagePullBackOff: imageCause,
  InvalidImageName: (facts) => plain('imageNameInvalid', facts),
  ErrImageNeverPull: (facts) => plain('imageNeverPulled', facts),
  CreateContainerConfigError: (facts) => plain('configMissing', facts),
  CreateContainerError: (facts) => plain('containerCannotStart', facts),
  RunContainerError: (facts) => plain('containerCannotStart', facts),
};

function plain(code: Cause['code'], { pod, status, spec }: ContainerFacts): Cause {
  const said = status.state?.waiting?.message;
  return cause(code, {
    params: { container: status.name, image: spec?.image ?? '' },
    ...(said === undefined ? {} : { answer: rootOfAnswer(said) }),
    container: status.name,
    pod: pod.metadata.name,
  });
}

/** 128 + n is how a shell and the runtime report an end by signal n. */
function signalOf(ended: TerminatedState): number | undefined {
  if (ended.signal) return ended.signal;
  return ended.exitCode > 128 && ended.exitCode <= 128 + 64 ? ended.exitCode - 128 : undefined;
}

function probeKilled({ status, events }: ContainerFacts): ClusterEvent | undefined {
  return events.find(
    ({ reason, message, involvedObject }) =>
      reason === 'Unhealthy' &&
      message?.startsWith('Liveness') &&
      involvedObject?.fieldPath?.includes(`{${status.name}}`),
  );
}

interface End {
  readonly facts: ContainerFacts;
  readonly ended: TerminatedState;
  readonly params: Readonly<Record<string, string | number>>;
}

type EndReader = (
  end: End,
) => { readonly code: CauseCode; readonly params?: Cause['params']; readonly answer?: string } | undefined;

/** The first that knows the end names the cause. */
const endReaders: readonly EndReader[] = [
  ({ ended: { reason, message = '' } }) =>
    reason === 'StartError' || reason === 'ContainerCannotRun'
      ? { code: 'containerCannotStart', answer: rootOfAnswer(message) }
      : undefined,
  ({ ended, facts, params }) => {
    const limit = facts.spec?.resources?.limits?.['memory'] ?? '';
    return ended.reason === 'OOMKilled' ? { code: 'containerOom', params: { ...params, limit } } : undefined;
  },
  ({ facts }) => {
    const killer = probeKilled(facts);
    return killer && { code: 'livenessProbe', answer: probeAnswer(killer) };
  },
  ({ ended, params }) => {
    const signal = signalOf(ended);
    return signal === undefined
      ? undefined
      : { code: 'containerSignal', params: { ...params, signal: signalNames[signal] ?? String(signal) } };
  },
  ({ ended }) => (ended.exitCode === 0 ? { code: 'containerEnds' } : undefined),
];

function exitCause(facts: ContainerFacts, ended: TerminatedState): Cause {
  const { pod, status } = facts;
  const params = { container: status.name, restarts: status.restartCount ?? 0 };
  const base = { params, container: status.name, pod: pod.metadata.name };
  for (const read of endReaders) {
    const known = read({ facts, ended, params });
    if (known) return cause(known.code, { ...base, ...known });
  }
  return cause('containerExit', {
    ...base,
    params: { ...params, code: ended.exitCode },
    ...(ended.message ? { answer: ended.message } : {}),
  });
}

/** The probe's own words, without the kubelet's preface. */
function probeAnswer({ message = '' }: ClusterEvent): string {
  return message.replace(/^\w+ probe (?:failed|errored)[^:]*:\s*/, '');
}

function probeCause(
  code: 'readinessProbe' | 'livenessProbe' | 'startupProbe',
  { pod, status }: ContainerFacts,
  event: ClusterEvent,
): Cause {
  return cause(code, {
    params: { container: status.name, restarts: status.restartCount ?? 0 },
    answer: probeAnswer(event),
    container: status.name,
    pod: pod.metadata.name,
  });
}

function unreadyCause(facts: ContainerFacts): Cause | undefined {
  const about = facts.events.filter(
    ({ reason, involvedObject }) =>
      reason === 'Unhealthy' && involvedObject?.fieldPath?.includes(`{${facts.status.name}}`),
  );
  for (const [prefix, code] of [
    ['Startup', 'startupProbe'],
    ['Liveness', 'livenessProbe'],
    ['Readiness', 'readinessProbe'],
  ] as const) {
    const event = about.find(({ message }) => message?.startsWith(prefix));
    if (event) return probeCause(code, facts, event);
  }
  return undefined;
}

function waitingCause(facts: ContainerFacts): Cause | undefined {
  const { waiting } = facts.status.state ?? {};
  const last = facts.status.lastState?.terminated;
  if (waiting?.reason === 'CrashLoopBackOff' && last) return exitCause(facts, last);
  return waitingCauses[waiting?.reason ?? '']?.(facts);
}

/** An init container may end well, and so may any container of a pod that is not to run for ever. */
function mayEnd({ init, pod }: ContainerFacts, { exitCode }: TerminatedState): boolean {
  return exitCode === 0 && (init || pod.spec?.restartPolicy !== 'Always');
}

function runningCause(facts: ContainerFacts): Cause | undefined {
  const last = facts.status.lastState?.terminated;
  if (!facts.status.ready) return unreadyCause(facts) ?? (last ? exitCause(facts, last) : undefined);
  const endedMs = last?.finishedAt === undefined ? Number.NaN : Date.parse(last.finishedAt);
  return last && facts.nowMs - endedMs < recentMs ? { ...exitCause(facts, last), recovered: true } : undefined;
}

/** Why this container does not do its work, or why it lately did not; nothing when all is well or merely on its way. */
export function causeOfContainer(facts: ContainerFacts): Cause | undefined {
  const { waiting, terminated, running } = facts.status.state ?? {};
  if (waiting) return waitingCause(facts);
  if (terminated) return mayEnd(facts, terminated) ? undefined : exitCause(facts, terminated);
  return running && !facts.init ? runningCause(facts) : undefined;
}
