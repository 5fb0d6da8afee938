import { StatusMark } from '@kit/ui';
import { podReason, podStatus } from '../../contract/pod-status.ts';
import type { Pod } from '../../rules/workload-types.ts';
import { useText } from '../text.ts';
import { toneOfState } from './state-mark.tsx';

const plainReasons = new Set(['Running', 'Pending', 'Completed', 'Succeeded', 'Failed', 'Terminating', 'Unknown']);

/** A pod's state, with the word kubectl would give where that says more. */
export function PodStateMark({ pod }: { pod: Pod }) {
  const t = useText();
  const { state } = podStatus(pod);
  const reason = podReason(pod);
  const word = t(`state.${state}`);
  return (
    <StatusMark tone={toneOfState[state]}>
      {plainReasons.has(reason) ? word : t('state.because', { state: word, reason })}
    </StatusMark>
  );
}
