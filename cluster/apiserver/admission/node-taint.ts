import type { AdmissionRequest, AdmissionStep } from '../store/write-request.ts';
import { isCore, isWhole } from './denied.ts';

interface Taint {
  readonly key?: string;
  readonly effect?: string;
}

const notReady = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };

function mutate(request: AdmissionRequest): void {
  if (request.operation !== 'CREATE' || !isCore(request, 'nodes') || !isWhole(request)) return;
  const spec = (request.object.spec ??= {}) as { taints?: Taint[] | null }; // the schema has checked it
  const known = spec.taints?.some(({ key, effect }) => key === notReady.key && effect === notReady.effect);
  if (!known) spec.taints = [...(spec.taints ?? []), notReady];
}

/** A new node takes no pods until it has said that it is ready, and the node controller has taken the taint away. */
export const nodeTaint: AdmissionStep = { mutate };
