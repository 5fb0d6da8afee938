import { fieldsIn, items, optionalText, textOf } from '../kinds/rules/set-default.ts';
import type { JsonObject } from '../schema/schema.ts';
import { ageOf, ageOfObject } from './age.ts';
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
  const [spec, status] = [fieldsIn(pod['spec']), fieldsIn(pod['status'])];
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
    ageOfObject(pod, nowMs),
    optionalText(status['podIP']) || none,
    optionalText(spec['nodeName']) || none,
    optionalText(status['nominatedNodeName']) || none,
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
  const phase = optionalText(status['reason']) || gateText(status) || optionalText(status['phase']);
  const text = init ?? containersText(parts, phase);
  const deleted = fieldsIn(pod['metadata'])['deletionTimestamp'] !== undefined;
  return { text: deleted ? textOfDeleted(status, text) : text, initializing: init !== undefined };
}

function textOfDeleted(status: JsonObject, text: string): string {
  if (status['reason'] === nodeLost) return 'Unknown';
  return status['phase'] === 'Failed' || status['phase'] === 'Succeeded' ? text : 'Terminating';
}

function gateText(status: JsonObject): string {
  const scheduled = items(status['conditions']).find((condition) => condition['type'] === 'PodScheduled');
  return scheduled?.['reason'] === 'SchedulingGated' ? 'SchedulingGated' : '';
}

/** `Init:1/2` and the like while init containers run; undefined once they are through. */
function initText({ spec, initStatuses, sidecars }: PodParts): string | undefined {
  const total = items(spec['initContainers']).length;
  const index = initStatuses.findIndex(
    ({ name, state, started }) => state?.terminated?.exitCode !== 0 && !(sidecars.has(name) && started),
  );
  const state = initStatuses[index]?.state;
  if (index < 0) return undefined;
  if (state?.terminated) return `Init:${terminatedText(state.terminated)}`;
  const waiting = state?.waiting?.reason;
  return waiting && waiting !== 'PodInitializing' ? `Init:${waiting}` : `Init:${index}/${total}`;
}

function terminatedText({ reason, signal, exitCode = 0 }: NonNullable<ContainerState['terminated']>): string {
  if (reason) return reason;
  return signal ? `Signal:${signal}` : `ExitCode:${exitCode}`;
}

/** The first container with something to say decides; `Completed` gives way while another one still runs. */
function containersText({ statuses, status }: PodParts, phase: string): string {
  let text = phase;
  let running = false;
  for (const { state = {}, ready } of [...statuses].reverse()) {
    if (state.waiting?.reason) text = state.waiting.reason;
    else if (state.terminated) text = terminatedText(state.terminated);
    else running ||= Boolean(ready && state.running);
  }
  return text === 'Completed' && running ? runningText(status) : text;
}

function runningText(status: JsonObject): string {
  return isReady(status) ? 'Running' : 'NotReady';
}

function isReady(status: JsonObject): boolean {
  return items(status['conditions']).some((c) => c['type'] === 'Ready' && c['status'] === 'True');
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
