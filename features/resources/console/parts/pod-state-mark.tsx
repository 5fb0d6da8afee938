import { StatusMark } from '@kit/ui';
import { conditionOf } from '../../contract/state.ts';
import { podReason, podStatus } from '../../contract/pod-status.ts';
import type { Pod } from '../../rules/workload-types.ts';
import { useText } from '../text.ts';
import { toneOfState } from './state-mark.tsx';

const plainReasons = new Set(['Running', 'Pending', 'Completed', 'Succeeded', 'Failed', 'Terminating', 'Unknown']);

/** Says a pod's state, with the word kubectl would give where that tells more. */
export function usePodWord(): (pod: Pod) => string {
  const t = useText();
  return (pod) => {
    const { state: known } = podStatus(pod);
    const state = t(`state.${known}`);
    // A pod that no node takes is `Pending` to kubectl, which says nothing of why it fails.
    const reason = (known === 'failing' && conditionOf(pod, 'PodScheduled')?.reason) || podReason(pod);
    return plainReasons.has(reason) ? state : t('state.because', { state, reason });
  };
}

/** A pod's state as form, colour and word. */
export function PodStateMark({ pod }: { pod: Pod }) {
  const wordOf = usePodWord();
  return <StatusMark tone={toneOfState[podStatus(pod).state]}>{wordOf(pod)}</StatusMark>;
}
