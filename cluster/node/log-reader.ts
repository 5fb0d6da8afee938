import { ApiError, type Clock, delay } from '@kit/base';
import type { Informer } from '../reconcile/informer.ts';
import type { ContainerSpec, ContainerState, ContainerStatus, Pod } from '../reconcile/pod.ts';
import type { LogOptions, PodKey } from '../node-runtime.ts';
import type { ContainerProcesses } from './container/container-processes.ts';
import { containerSpec } from './container/container-worlds.ts';
import { isRunnable } from './container/runnable-command.ts';
import type { LoggedRun, LogLine } from './log-lines.ts';
import { emptyLog, isSilent, type LogSource, madeUpLog, recordedSource } from './log-source.ts';

export interface LogReaderOptions {
  readonly clock: Clock;
  readonly pods: Informer<Pod>;
  /** Those whose own words are their log. */
  readonly processes: Pick<ContainerProcesses, 'logOf'>;
}

const followMs = 1_000;

/** The log of one container, as `pods/log` asks for it. Fails with the API's 400 where there is none to read. */
export function readLog(
  { clock, pods, processes }: LogReaderOptions,
  key: PodKey,
  options: LogOptions,
): AsyncIterable<Uint8Array> {
  const find = (): LoggedRun | undefined => {
    const pod = pods.get(key.namespace, key.name);
    return pod?.metadata.uid === key.uid ? loggedRun(pod, options) : undefined;
  };
  const run = find();
  if (!run) return nothing();
  const spec = specOf(pods.get(key.namespace, key.name), options.container);
  const sourceOf = (one: LoggedRun): LogSource => {
    const recorded = processes.logOf(one.podUid, one.container, one.restartCount);
    if (recorded) return recordedSource(recorded);
    return spec && (isSilent(spec) || isRunnable(spec)) ? emptyLog : madeUpLog(one);
  };
  const chunks = lines(run, { clock, options, refresh: () => find() ?? run, sourceOf });
  return options.limitBytes === undefined ? chunks : limited(chunks, options.limitBytes);
}

const specOf = (pod: Pod | undefined, container: string): ContainerSpec | undefined =>
  pod && containerSpec(pod, container);

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
  if (!status?.lastState?.terminated) return undefined;
  const { state, restartCount } = status;
  return endedRun(status.lastState, state.waiting ? restartCount : Math.max(0, restartCount - 1));
}

function latestRun(status: ContainerStatus | undefined): RunTimes | undefined {
  if (!status) return undefined;
  const { state, lastState, restartCount } = status;
  if (state.running) {
    return { restartCount, startedMs: Date.parse(state.running.startedAt), endedMs: undefined, exitCode: undefined };
  }
  const ended = [state, lastState].find((one) => one?.terminated !== undefined);
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
  readonly sourceOf: (run: LoggedRun) => LogSource;
}

async function* lines(start: LoggedRun, { clock, options, refresh, sourceOf }: Following): AsyncGenerator<Uint8Array> {
  let run = start;
  const place = { next: firstLine(sourceOf(run), options, clock.now()), shown: '' };
  for (;;) {
    const nowMs = clock.now();
    const source = sourceOf(run);
    yield* linesSoFar(source, place, { nowMs, options });
    if (!options.follow || (run.endedMs !== undefined && run.endedMs <= nowMs)) return;
    if (!(await more(source, clock, options.signal))) return;
    run = sameRun(run, refresh());
  }
}

/** The next line to read, and how much of it has been shown already. */
interface Place {
  next: number;
  shown: string;
}

function* linesSoFar(
  source: LogSource,
  place: Place,
  { nowMs, options }: { nowMs: number; options: LogOptions },
): Generator<Uint8Array> {
  for (place.next = Math.max(place.next, source.first(nowMs)); place.next < source.count(nowMs); place.next++) {
    if (options.signal.aborted) return;
    const { atMs, text } = source.line(place.next);
    const rest = text.slice(place.shown.length);
    if (rest) yield encode({ atMs, text: rest }, options.timestamps === true && place.shown === '');
    place.shown = text.endsWith('\n') ? '' : text;
    // A line that still grows is shown as far as it goes, and gone on with.
    if (place.shown) return;
  }
}

/** Resolves when there may be more to read; false: the reader is gone. */
async function more(source: LogSource, clock: Clock, signal: AbortSignal): Promise<boolean> {
  const woken = new AbortController();
  source.onceChanged?.(() => woken.abort());
  await delay(clock, followMs, AbortSignal.any([signal, woken.signal])).catch(() => undefined); // woken early
  return !signal.aborted;
}

// A container that has restarted meanwhile ends the log of the run that is being read.
function sameRun(run: LoggedRun, latest: LoggedRun): LoggedRun {
  if (latest.restartCount === run.restartCount) return latest;
  return { ...run, endedMs: Math.min(latest.startedMs, run.endedMs ?? Infinity), exitCode: run.exitCode };
}

function firstLine(source: LogSource, options: LogOptions, nowMs: number): number {
  const sinceMs = options.sinceTime === undefined ? undefined : Date.parse(options.sinceTime);
  const since = options.sinceSeconds === undefined ? sinceMs : nowMs - options.sinceSeconds * 1000;
  const bySince = since === undefined ? 0 : source.lineAt(since);
  const byTail = options.tailLines === undefined ? 0 : source.count(nowMs) - options.tailLines;
  return Math.max(0, source.first(nowMs), bySince, byTail);
}

function encode({ atMs, text }: LogLine, hasTime: boolean): Uint8Array {
  const prefix = hasTime ? `${new Date(atMs).toISOString().replace('Z', '000000Z')} ` : '';
  return Buffer.from(prefix + text);
}

async function* limited(chunks: AsyncIterable<Uint8Array>, limitBytes: number): AsyncGenerator<Uint8Array> {
  let left = limitBytes;
  for await (const chunk of chunks) {
    yield chunk.subarray(0, left);
    left -= chunk.length;
    if (left <= 0) return;
  }
}
