import { items, record, textOf } from '../kinds/rules/set-default.ts';
import type { JsonObject } from '../schema/schema.ts';
import { ageOf } from './age.ts';
import type { Cells } from './table.ts';

const none = '<none>';
const nodeLost = 'NodeLost';

interface ContainerState {
  readonly waiting?: { readonly reason?: string };
  readonly running?: object;
  readonly terminated?: {
    readonly reason?: string;
    readonly exitCode?: number;
    readonly signal?: number;
    readonly finishedAt?: string;
  };
}

interface ContainerStatus {
  readonly name: string;
  readonly ready?: boolean;
  readonly started?: boolean;
  readonly restartCount?: number;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
}

/** READY, STATUS, RESTARTS and so on of a pod, as `kubectl get pods` prints them. */
export const printPod: Cells = (pod, nowMs) => {
  const spec = record(pod['spec']) ?? {};
  const status = record(pod['status']) ?? {};
  const statuses = items(status['containerStatuses']) as unknown as ContainerStatus[]; // by the kind's schema
  const sidecars = sidecarNames(spec);
  const initStatuses = items(status['initContainerStatuses']) as unknown as ContainerStatus[]; // as above
  const sidecarStatuses = initStatuses.filter(({ name }) => sidecars.has(name));
  const counted = [...sidecarStatuses, ...statuses];
  const total = items(spec['containers']).length + sidecars.size;
  const ready = counted.filter((container) => container.ready && container.state?.running).length;
  const { text, initializing } = statusText(pod, { spec, status, statuses, initStatuses, sidecars });
  return [
    `${ready}/${total}`,
    text,
    restarts(initializing ? initStatuses : counted, nowMs),
    ageOf(record(pod['metadata'])?.['creationTimestamp'], nowMs),
    textOf(status['podIP'] ?? '') || none,
    textOf(spec['nodeName'] ?? '') || none,
    textOf(status['nominatedNodeName'] ?? '') || none,
    readinessGates(spec, status),
  ];
};

function sidecarNames(spec: JsonObject): Set<string> {
  const sidecars = items(spec['initContainers']).filter((container) => container['restartPolicy'] === 'Always');
  return new Set(sidecars.map((container) => textOf(container['name'])));
}

function restarts(statuses: readonly ContainerStatus[], nowMs: number): string {
  const count = statuses.reduce((sum, { restartCount = 0 }) => sum + restartCount, 0);
  const times = statuses.map(({ lastState }) => lastState?.terminated?.finishedAt ?? '').filter((time) => time !== '');
  const last = times.sort().at(-1);
  return count > 0 && last ? `${count} (${ageOf(last, nowMs)} ago)` : textOf(count);
}

interface PodParts {
  readonly spec: JsonObject;
  readonly status: JsonObject;
  readonly statuses: readonly ContainerStatus[];
  readonly initStatuses: readonly ContainerStatus[];
  readonly sidecars: ReadonlySet<string>;
}

function statusText(pod: JsonObject, parts: PodParts): { text: string; initializing: boolean } {
  const { status } = parts;
  const init = initText(parts);
  const phase = textOf(status['reason'] ?? '') || gateText(status) || textOf(status['phase'] ?? '');
  const text = init ?? containersText(parts, phase);
  if (record(pod['metadata'])?.['deletionTimestamp'] === undefined) return { text, initializing: init !== undefined };
  const over = status['phase'] === 'Failed' || status['phase'] === 'Succeeded';
  if (status['reason'] === nodeLost) return { text: 'Unknown', initializing: init !== undefined };
  return { text: over ? text : 'Terminating', initializing: init !== undefined };
}

function gateText(status: JsonObject): string {
  const scheduled = items(status['conditions']).find((condition) => condition['type'] === 'PodScheduled');
  return scheduled?.['reason'] === 'SchedulingGated' ? 'SchedulingGated' : '';
}

/** `Init:1/2` and the like while init containers run; undefined once they are through. */
function initText({ spec, initStatuses, sidecars }: PodParts): string | undefined {
  const total = items(spec['initContainers']).length;
  for (const [index, { name, state, started }] of initStatuses.entries()) {
    if (state?.terminated?.exitCode === 0) continue;
    if (sidecars.has(name) && started) continue;
    if (state?.terminated) return `Init:${terminatedText(state.terminated)}`;
    const waiting = state?.waiting?.reason;
    return waiting && waiting !== 'PodInitializing' ? `Init:${waiting}` : `Init:${index}/${total}`;
  }
  return undefined;
}

function terminatedText({ reason, signal, exitCode = 0 }: NonNullable<ContainerState['terminated']>): string {
  if (reason) return reason;
  return signal ? `Signal:${signal}` : `ExitCode:${exitCode}`;
}

/** The first container with something to say decides; `Completed` gives way while another one still runs. */
function containersText({ statuses, status }: PodParts, phase: string): string {
  let text = phase;
  let running = false;
  for (const { state, ready } of [...statuses].reverse()) {
    if (state?.waiting?.reason) text = state.waiting.reason;
    else if (state?.terminated) text = terminatedText(state.terminated);
    else if (ready && state?.running) running = true;
  }
  if (text !== 'Completed' || !running) return text;
  const isReady = items(status['conditions']).some((c) => c['type'] === 'Ready' && c['status'] === 'True');
  return isReady ? 'Running' : 'NotReady';
}

function readinessGates(spec: JsonObject, status: JsonObject): string {
  const gates = items(spec['readinessGates']).map((gate) => gate['conditionType']);
  if (gates.length === 0) return none;
  const met = new Set(
    items(status['conditions'])
      .filter((c) => c['status'] === 'True')
      .map((c) => c['type']),
  );
  return `${gates.filter((gate) => met.has(gate ?? null)).length}/${gates.length}`;
}
