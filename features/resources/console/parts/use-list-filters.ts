import type { FilterDef } from '@kit/ui';
import { states } from '../../contract/state.ts';
import { useText } from '../text.ts';

/** Filter token -> parameter of the list endpoint, for every list of this feature. */
export const filterTokens = { label: 'labelSelector', node: 'nodeName' } as const;

/** The filters of lists whose objects have a state. */
export function useStateFilters(): readonly FilterDef[] {
  const t = useText();
  return [
    {
      token: 'status',
      label: t('column.state'),
      values: states.map((state) => ({ value: state, label: t(`state.${state}`) })),
      only: true,
    },
    { token: 'label', label: t('filter.label') },
  ];
}
