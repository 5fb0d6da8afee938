import { useState } from 'react';
import { Autocomplete, type AutocompleteProps } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, type ListPage } from '@kit/ui';
import { iamApi, type UserItem } from './api.ts';
import { useText } from './text.ts';

/**
 * A user name, with the users whose names contain what is typed. Whoever may not list users
 * types the name.
 */
export function UserField(field: AutocompleteProps) {
  const t = useText();
  const [typed, setTyped] = useState('');
  const [settled] = useDebouncedValue(typed, 150);
  const path = `${iamApi}/users`;
  const users = useQuery({
    queryKey: ['users', path, settled],
    queryFn: ({ signal }) =>
      api.get<ListPage<UserItem>>(path, {
        query: { name: settled, limit: 10, sortBy: 'name', ascending: true },
        signal,
      }),
    placeholderData: keepPreviousData,
    retry: false,
  });
  const names = users.data?.items.map(({ metadata }) => metadata.name) ?? [];
  return (
    <Autocomplete
      {...field}
      label={t('members.user')}
      description={users.isError ? t('members.user.type') : undefined}
      data={names}
      data-autofocus
      autoComplete="off"
      onChange={(value) => {
        setTyped(value);
        field.onChange?.(value);
      }}
    />
  );
}
