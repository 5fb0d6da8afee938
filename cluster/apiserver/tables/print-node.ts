import { items, record, textOf } from '../kinds/rules/set-default.ts';
import type { JsonObject } from '../schema/schema.ts';
import { ageOf } from './age.ts';
import type { Cells } from './table.ts';

const none = '<none>';
const unknown = '<unknown>';
const roleLabel = 'node-role.kubernetes.io/';

/** STATUS, ROLES, VERSION and so on of a node. */
export const printNode: Cells = (node, nowMs) => {
  const spec = record(node['spec']) ?? {};
  const status = record(node['status']) ?? {};
  const info = record(status['nodeInfo']) ?? {};
  const address = (type: string): string =>
    textOf(items(status['addresses']).find((entry) => entry['type'] === type)?.['address'] ?? none);
  const metadata = record(node['metadata']) ?? {};
  return [
    statusText(spec, status),
    roles(metadata),
    ageOf(metadata['creationTimestamp'], nowMs),
    textOf(info['kubeletVersion'] ?? ''),
    address('InternalIP'),
    address('ExternalIP'),
    textOf(info['osImage'] ?? '') || unknown,
    kernel(info),
    textOf(info['containerRuntimeVersion'] ?? '') || unknown,
  ];
};

function statusText(spec: JsonObject, status: JsonObject): string {
  const ready = items(status['conditions']).find((condition) => condition['type'] === 'Ready');
  const text = ready ? (ready['status'] === 'True' ? 'Ready' : 'NotReady') : 'Unknown';
  return spec['unschedulable'] === true ? `${text},SchedulingDisabled` : text;
}

function kernel(info: JsonObject): string {
  const version = textOf(info['kernelVersion'] ?? '');
  const architecture = textOf(info['architecture'] ?? '');
  if (!version) return unknown;
  return architecture ? `${version} (${architecture})` : version;
}

function roles(metadata: JsonObject): string {
  const labels = Object.entries(record(metadata['labels']) ?? {});
  const names = labels.flatMap(([key, value]) => {
    if (key.startsWith(roleLabel)) return [key.slice(roleLabel.length)];
    return key === 'kubernetes.io/role' ? [textOf(value)] : [];
  });
  return (
    names
      .filter((name) => name !== '')
      .sort()
      .join(',') || none
  );
}
