import { StatusMark, type Tone } from '@kit/ui';
import type { State } from '../../contract/state.ts';
import { useText } from '../text.ts';

/** The form and colour of each state. */
export const toneOfState: Readonly<Record<State, Tone>> = {
  failing: 'bad',
  degraded: 'warning',
  starting: 'busy',
  terminating: 'busy',
  running: 'good',
  completed: 'idle',
  suspended: 'idle',
  stopped: 'idle',
  unknown: 'idle',
};

interface StateMarkProps {
  readonly state: State;
  /** How many of the wanted ones are ready: `Running 3 of 3`. */
  readonly of?: { readonly ready: number; readonly wanted: number };
}

/** A state as form, colour and word. */
export function StateMark({ state, of }: StateMarkProps) {
  const t = useText();
  const word = t(`state.${state}`);
  const withCount = of && state !== 'stopped' && state !== 'terminating';
  return <StatusMark tone={toneOfState[state]}>{withCount ? t('state.of', { state: word, ...of }) : word}</StatusMark>;
}
