import { Button } from '@mantine/core';
import { EmptyState } from '../page/empty-state.tsx';
import { useUiText } from '../text/ui-text.ts';
import type { ListControl } from './list-state.ts';

/** No row passes the filters: says which they are and offers to drop them. */
export function NothingFound({ control }: { control: ListControl }) {
  const t = useUiText();
  const { search, tokens } = control.view;
  const filters = [search, ...Object.entries(tokens).map(([token, value]) => `${token}:${value}`)]
    .filter(Boolean)
    .join(' ');
  return (
    <EmptyState
      title={t('list.nothing')}
      text={t('list.nothing.text', { filters })}
      action={<Button onClick={control.clear}>{t('list.filter.dropAll')}</Button>}
    />
  );
}
