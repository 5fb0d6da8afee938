import { useState } from 'react';
import { Button, Group, Select, Stack } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, FormError, Loaded, SidePanel, to, toast, useGo, type ListPage } from '@kit/ui';
import { aliasOf, homeCluster, paths, type WorkspaceItem } from '../api.ts';
import { useText } from '../text.ts';

interface TransferReport {
  readonly keeps: readonly string[];
  readonly drops: readonly { readonly binding: string; readonly subjects: readonly string[] }[];
}

interface TransferProjectProps {
  readonly workspace: string;
  readonly project: string;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Moves a project to another workspace, after the server has said who keeps access and who loses it. */
export function TransferProject({ opened, onClose, ...move }: TransferProjectProps) {
  const t = useText();
  return (
    <SidePanel opened={opened} onClose={onClose} title={t('transfer.title', { name: move.project })}>
      {opened && <TransferForm onClose={onClose} {...move} />}
    </SidePanel>
  );
}

function TransferForm({ workspace, project, onClose }: Omit<TransferProjectProps, 'opened'>) {
  const t = useText();
  const go = useGo();
  const queries = useQueryClient();
  const [target, setTarget] = useState('');
  const path = paths.transfer(workspace, project);
  const workspaces = useQuery({
    queryKey: ['list', paths.workspaces, 'names'],
    queryFn: ({ signal }) =>
      api.get<ListPage<WorkspaceItem>>(paths.workspaces, {
        query: { limit: 500, sortBy: 'name', ascending: true },
        signal,
      }),
  });
  const move = useMutation({
    mutationFn: () => api.post(path, { workspace: target }),
    onSuccess: async () => {
      onClose();
      toast.done(t('transfer.done', { name: project, workspace: target }));
      await queries.invalidateQueries({ queryKey: ['list'] });
      go(to.project({ workspace: target, cluster: homeCluster, project }, ''));
    },
  });
  const others = (workspaces.data?.items ?? []).filter(({ metadata }) => metadata.name !== workspace);
  return (
    <Stack gap="md">
      <div className="fh-soft">{t('transfer.text')}</div>
      <Select
        label={t('transfer.to')}
        data={others.map((each) => ({
          value: each.metadata.name,
          label: aliasOf(each)
            ? t('named', { name: each.metadata.name, alias: aliasOf(each) ?? '' })
            : each.metadata.name,
        }))}
        searchable
        value={target || null}
        nothingFoundMessage={t('transfer.nowhere')}
        onChange={(value) => setTarget(value ?? '')}
      />
      {target !== '' && <Outcome path={path} target={target} />}
      {move.error && <FormError error={move.error} />}
      <Group justify="flex-end">
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button variant="filled" disabled={target === ''} loading={move.isPending} onClick={() => move.mutate()}>
          {t('transfer')}
        </Button>
      </Group>
    </Stack>
  );
}

/** What the move would change, as the server says after trying it. */
function Outcome({ path, target }: { path: string; target: string }) {
  const t = useText();
  const query = useQuery({
    queryKey: ['transfer', path, target],
    queryFn: async () => (await api.post<TransferReport>(path, { workspace: target, dryRun: true })).object,
    staleTime: 0,
    retry: false,
  });
  return (
    <Loaded query={query} rows={2}>
      {({ keeps, drops }) => (
        <>
          <div>
            <strong>{t('transfer.loses')}</strong>
            {drops.length === 0 ? (
              <div className="fh-soft">{t('transfer.nobody')}</div>
            ) : (
              <ul className="fh-lines">
                {drops.map(({ binding, subjects }) => (
                  <li key={binding}>{subjects.join(', ')}</li>
                ))}
              </ul>
            )}
          </div>
          <div>
            <strong>{t('transfer.keeps')}</strong>
            <div className="fh-soft">{keeps.length === 0 ? t('transfer.nobody') : keeps.join(', ')}</div>
          </div>
        </>
      )}
    </Loaded>
  );
}
