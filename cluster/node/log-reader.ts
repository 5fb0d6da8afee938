import { ApiError, type Clock, delay } from '@kit/base';
import type { Informer } from '../reconcile/informer.ts';
import type { ContainerState, ContainerStatus, Pod } from '../reconcile/pod.ts';
import type { LogOptions, PodKey } from '../node-runtime.ts';
import { firstKeptLine, lineAt, lineCount, lineOf, type LoggedRun, type LogLine } from './log-lines.ts';

export interface LogReaderOptions {
  readonly clock: Clock;
  readonly pods: Informer<Pod>;
}

const followMs = 1_000;

/** The log of one container, as `pods/log` asks for it. Fails with the API's 400 where there is none to read. */
export function readLog(
  { clock, pods }: LogReaderOptions,
  key: PodKey,
  options: LogOptions,
): AsyncIterable<Uint8Array> {
  const find = (): LoggedRun | undefined => {
    const pod = pods.get(key.namespace, key.name);
    return pod?.metadata.uid === key.uid ? loggedRun(pod, options) : undefined;
  };
  const run = find();
  if (!run) return nothing();
  const chunks = lines(run, { clock, options, refresh: () => find() ?? run });
  return options.limitBytes === undefined ? chunks : limited(chunks, options.limitBytes);
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  yield* [];
}

/** What the pod's status says of one of its containers, of whatever sort. */
export function statusOf({ status }: Pod, container: string): ContainerStatus | undefined {
  const statuses = [
    ...(status?.containerStatuses ?? []),
    ...(status?.initContainerStatuses ?? []),
    ...(status?.ephemeralContainerStatuses ?? []),
  ];
  return statuses.find(({ name }) => name === container);
}

/** Which run of the container the request means; undefined while the pod has no node. */
export function loggedRun(
  pod: Pod,
  { container, previous }: Pick<LogOptions, 'container' | 'previous'>,
): LoggedRun | undefined {
  const node = pod.spec.nodeName;
  if (!node) return undefined;
  const { name, uid = '' } = pod.metadata;
  const status = statusOf(pod, container);
  const run = previous ? previousRun(status) : latestRun(status);
  if (run) return { podUid: uid, podName: name, container, node, ...run };
  const nothingBefore = `previous terminated container "${container}" in pod "${name}" not found`;
  throw new ApiError('BadRequest', previous ? nothingBefore : waitingText(name, container, status?.state ?? {}));
}

type RunTimes = Pick<LoggedRun, 'restartCount' | 'startedMs' | 'endedMs' | 'exitCode'>;

// A container that waits to restart still counts as the run it has ended.
function previousRun(status: ContainerStatus | undefined): RunTimes | undefined {
  if (!status?.lastState.terminated) return undefined;
  const { state, restartCount } = status;
  return endedRun(status.lastState, state.waiting ? restartCount : Math.max(0, restartCount - 1));
}

function latestRun(status: ContainerStatus | undefined): RunTimes | undefined {
  if (!status) return undefined;
  const { state, lastState, restartCount } = status;
  if (state.running) {
    return { restartCount, startedMs: Date.parse(state.running.startedAt), endedMs: undefined, exitCode: undefined };
  }
  const ended = [state, lastState].find(({ terminated }) => terminated !== undefined);
  return ended && endedRun(ended, restartCount);
}

function endedRun({ terminated }: ContainerState, restartCount: number): RunTimes {
  const startedMs = Date.parse(terminated?.startedAt ?? '');
  return { restartCount, startedMs, endedMs: Date.parse(terminated?.finishedAt ?? ''), exitCode: terminated?.exitCode };
}

function waitingText(pod: string, container: string, { waiting }: ContainerState): string {
  const text = `container "${container}" in pod "${pod}" is waiting to start: `;
  const failing: Record<string, string> = {
    ErrImagePull: "image can't be pulled",
    ImagePullBackOff: 'trying and failing to pull image',
  };
  const reason = waiting?.reason ?? 'ContainerCreating';
  return text + (failing[reason] ?? reason);
}

interface Following {
  readonly clock: Clock;
  readonly options: LogOptions;
  readonly refresh: () => LoggedRun;
}

async function* lines(start: LoggedRun, { clock, options, refresh }: Following): AsyncGenerator<Uint8Array> {
  let run = start;
  let next = firstLine(run, options, clock.now());
  for (;;) {
    const nowMs = clock.now();
    for (; next < lineCount(run, nowMs); next++) {
      if (options.signal.aborted) return;
      yield encode(lineOf(run, next), options);
    }
    if (!options.follow || (run.endedMs !== undefined && run.endedMs <= nowMs)) return;
    const goesOn = await delay(clock, followMs, options.signal).then(
      () => true,
      () => false,
    );
    if (!goesOn) return;
    run = sameRun(run, refresh());
  }
}

// A container that has restarted meanwhile ends the log of the run that is being read.
function sameRun(run: LoggedRun, latest: LoggedRun): LoggedRun {
  if (latest.restartCount === run.restartCount) return latest;
  return { ...run, endedMs: Math.min(latest.startedMs, run.endedMs ?? Infinity), exitCode: run.exitCode };
}

function firstLine(run: LoggedRun, options: LogOptions, nowMs: number): number {
  const sinceMs = options.sinceTime === undefined ? undefined : Date.parse(options.sinceTime);
  const since = options.sinceSeconds === undefined ? sinceMs : nowMs - options.sinceSeconds * 1000;
  const bySince = since === undefined ? 0 : lineAt(run, since);
  const byTail = options.tailLines === undefined ? 0 : lineCount(run, nowMs) - options.tailLines;
  return Math.max(0, firstKeptLine(run, nowMs), bySince, byTail);
}

function encode({ atMs, text }: LogLine, { timestamps }: LogOptions): Uint8Array {
  const prefix = timestamps ? `${new Date(atMs).toISOString().replace('Z', '000000Z')} ` : '';
  return Buffer.from(`${prefix}${text}\n`);
}

async function* limited(chunks: AsyncIterable<Uint8Array>, limitBytes: number): AsyncGenerator<Uint8Array> {
  let left = limitBytes;
  for await (const chunk of chunks) {
    yield chunk.subarray(0, left);
    left -= chunk.length;
    if (left <= 0) return;
  }
}
