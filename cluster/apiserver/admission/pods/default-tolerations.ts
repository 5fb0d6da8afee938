import type { AdmissionRequest, AdmissionStep } from '../../store/write-request.ts';
import { isCore, isWhole } from '../denied.ts';

export interface Toleration {
  key?: string;
  operator?: string;
  value?: string;
  effect?: string;
  tolerationSeconds?: number;
}

const problems = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];
const defaultSeconds = 300;

function mutate(request: AdmissionRequest): void {
  if ((request.operation !== 'CREATE' && request.operation !== 'UPDATE') || !isCore(request, 'pods')) return;
  if (!isWhole(request)) return;
  const spec = request.object.spec as { tolerations?: Toleration[] | null }; // the schema has checked it
  for (const key of problems) {
    const tolerated = spec.tolerations?.some(
      (one) => (!one.key || one.key === key) && (!one.effect || one.effect === 'NoExecute'),
    );
    if (tolerated) continue;
    const usual = { key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: defaultSeconds };
    spec.tolerations = [...(spec.tolerations ?? []), usual];
  }
}

/** A pod that says nothing else stays five minutes on a node that has stopped working. */
export const defaultTolerations: AdmissionStep = { mutate };
