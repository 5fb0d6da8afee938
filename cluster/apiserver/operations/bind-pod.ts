import { timestamp } from '@kit/base';
import type { Cause, Status } from '@kit/base';
import type { ClusterObject } from '../../client.ts';
import { badRequest, conflict, invalid } from '../store/api-errors.ts';
import { updateObject } from '../store/update-object.ts';
import type { StoreDeps, Target, WriteContext } from '../store/write-request.ts';

interface Binding {
  readonly metadata?: {
    readonly annotations?: Record<string, string>;
    readonly labels?: Record<string, string>;
    readonly uid?: string;
  };
  readonly target?: { readonly kind?: string; readonly name?: string };
}

interface PodFields {
  spec: { nodeName?: string };
  status?: { nominatedNodeName?: string; conditions?: { type: string; status: string; lastTransitionTime?: string }[] };
}

function check({ target }: Binding): void {
  const causes: Cause[] = [];
  const kind = target?.kind ?? '';
  if (kind !== '' && kind !== 'Node') {
    causes.push({
      field: 'target.kind',
      message: `Unsupported value: "${kind}": supported values: "Node", "<empty>"`,
      reason: 'FieldValueNotSupported',
    });
  }
  if (!target?.name) causes.push({ field: 'target.name', message: 'Required value', reason: 'FieldValueRequired' });
  if (causes.length > 0) throw invalid({ kind: 'Binding', group: '' }, '', causes);
}

function checkFree({ metadata }: ClusterObject, { nodeName }: PodFields['spec']): void {
  const { name } = metadata;
  if (metadata.deletionTimestamp)
    throw conflict(binds, name, `pod ${name} is being deleted, cannot be assigned to a host`);
  if (nodeName) throw conflict(binds, name, `pod ${name} is already assigned to node "${nodeName}"`);
}

function bind(pod: ClusterObject, binding: Binding, now: string): ClusterObject {
  const { spec, status = {} } = pod as unknown as PodFields; // the schema has checked it
  checkFree(pod, spec);
  spec.nodeName = binding.target?.name ?? '';
  const { annotations, labels } = binding.metadata ?? {};
  pod.metadata.annotations = { ...pod.metadata.annotations, ...annotations };
  pod.metadata.labels = { ...pod.metadata.labels, ...labels };
  const others = (status.conditions ?? []).filter((condition) => condition.type !== 'PodScheduled');
  // Bound, a pod waits for no node any more.
  const { nominatedNodeName: _nominated, ...rest } = status;
  pod.status = {
    ...rest,
    conditions: [...others, { type: 'PodScheduled', status: 'True', lastTransitionTime: now }],
  };
  return pod;
}

const binds = { group: '', resource: 'pods/binding', kind: 'Binding' };

/** `pods/binding`: gives a pod without a node the node it is to run on. */
export async function bindPod(
  deps: StoreDeps,
  target: Target,
  request: { body: ClusterObject; context: WriteContext },
): Promise<Status> {
  const binding = request.body as unknown as Binding; // `check` looks at what is used
  if (request.body.metadata.name && request.body.metadata.name !== target.name)
    throw badRequest('name in URL does not match name in Binding object');
  check(binding);
  const now = timestamp(deps.clock.now());
  await updateObject(deps, target, {
    context: request.context,
    mode: 'binding',
    keepsValues: true, // but for the name of the node, which is a text
    change: (pod) => {
      if (binding.metadata?.uid) pod.metadata.uid = binding.metadata.uid;
      return bind(pod, binding, now);
    },
  });
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };
}
