import type { Toleration } from '../reconcile/pod.ts';
import type { NodeTaint } from './node-state.ts';

export function tolerates(tolerations: readonly Toleration[] = [], taint: NodeTaint): boolean {
  return tolerations.some(({ key, operator = 'Equal', value = '', effect }) => {
    if (effect && effect !== taint.effect) return false;
    if (!key) return operator === 'Exists';
    return key === taint.key && (operator === 'Exists' || compares(operator, taint.value ?? '', value));
  });
}

function compares(operator: string, actual: string, wanted: string): boolean {
  if (operator === 'Equal') return actual === wanted;
  const [a, b] = [Number(actual), Number(wanted)];
  if (!Number.isInteger(a) || !Number.isInteger(b) || actual === '') return false;
  return operator === 'Gt' ? a > b : operator === 'Lt' && a < b;
}
