import { useQuery } from '@tanstack/react-query';
import { api, useProject, type ListControl, type StatusCount } from '@kit/ui';
import type { StateCounts } from '../../contract/answers.ts';
import { states } from '../../contract/state.ts';
import { toneOfState } from '../parts/state-mark.tsx';
import { useText } from '../text.ts';
import { ownPath, pagedListPath, type Kind } from './kinds.ts';

/** How many objects of a kind are in each state, for the bar above their list; follows the list's free text. */
export function useStateCounts(kind: Kind, control: ListControl): readonly StatusCount[] {
  const t = useText();
  const at = useProject();
  const query = { name: control.view.search, labelSelector: control.view.tokens['label'] };
  // Below the list's own key, so that it is asked for again whenever the list is.
  const queryKey = ['list', pagedListPath(at, kind), 'counts', query];
  const { data } = useQuery({
    queryKey,
    queryFn: ({ signal }) => api.get<StateCounts>(ownPath(at, `${kind.plural}/counts`), { query, signal }),
  });
  return states.flatMap((state) => {
    const count = data?.states[state] ?? 0;
    return count > 0 ? [{ value: state, label: t(`state.${state}`), tone: toneOfState[state], count }] : [];
  });
}
