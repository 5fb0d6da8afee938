import { useDisclosure } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ActionButton, api, ConfirmDelete, Loaded, Section, SidePanel, toast, useCan } from '@kit/ui';
import { paths } from '../api.ts';
import { useText } from '../text.ts';
import { AmountsForm, type Amounts } from './amounts-form.tsx';
import { UsageBar } from './usage-bar.tsx';
import classes from './settings.module.css';

interface Figures {
  readonly hard?: Amounts;
  readonly used?: Amounts;
}
interface QuotaItem {
  readonly metadata: { readonly name: string; readonly resourceVersion?: string };
  readonly spec: { readonly quota: { readonly hard?: Readonly<Record<string, string | number>> } };
  readonly status?: { readonly total?: Figures };
}

const textsOf = (amounts: Readonly<Record<string, string | number>> = {}): Amounts =>
  Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, String(amount)]));

/** What the projects of a workspace use together of what they may, a bar for each limit. */
export function QuotaUsage({ workspace }: { workspace: string }) {
  const t = useText();
  const path = paths.quotas(workspace);
  const query = useQuery({
    queryKey: ['list', path],
    queryFn: ({ signal }) => api.get<{ items: readonly QuotaItem[] }>(path, { signal }),
    refetchInterval: 15_000,
  });
  return (
    <Loaded query={query} rows={2}>
      {({ items }) => (
        <>
          {items.map((quota) => (
            <Section
              key={quota.metadata.name}
              title={items.length > 1 ? quota.metadata.name : t('quota.title')}
              actions={<QuotaActions workspace={workspace} quota={quota} />}
            >
              <Bars quota={quota} />
            </Section>
          ))}
          {items.length === 0 && (
            <Section title={t('quota.title')} actions={<QuotaActions workspace={workspace} />}>
              <div className="fh-soft">{t('quota.none')}</div>
            </Section>
          )}
        </>
      )}
    </Loaded>
  );
}

function Bars({ quota: { spec, status } }: { quota: QuotaItem }) {
  const hard = textsOf(status?.total?.hard ?? spec.quota.hard);
  return (
    <div className={classes.bars}>
      {Object.entries(hard).map(([resource, limit]) => (
        <UsageBar key={resource} resource={resource} hard={limit} used={status?.total?.used?.[resource] ?? '0'} />
      ))}
    </div>
  );
}

/** Limits over a workspace are set by who runs the platform, whatever somebody may in the workspace. */
const onPlatform = { workspace: undefined, namespace: undefined } as const;

function QuotaActions({ workspace, quota }: { workspace: string; quota?: QuotaItem }) {
  const t = useText();
  const queries = useQueryClient();
  const verdict = useCan({ verb: 'update', group: 'tenant.kubesphere.io', resource: 'workspaces', ...onPlatform });
  const [isEditing, edit] = useDisclosure(false);
  const [isLifting, lift] = useDisclosure(false);
  const path = paths.quotas(workspace);
  const refresh = () => queries.invalidateQueries({ queryKey: ['list', path] });
  const save = async (hard: Amounts) => {
    const { name = workspace, resourceVersion } = quota?.metadata ?? {};
    const body = { metadata: { name, resourceVersion }, spec: { quota: { ...quota?.spec.quota, hard } } };
    await (quota ? api.put(`${path}/${encodeURIComponent(name)}`, body) : api.post(path, body));
    await refresh();
    toast.done(t('quota.saved'));
    edit.close();
  };
  return (
    <div>
      <ActionButton icon="pencil" label={t(quota ? 'quota.edit' : 'quota.set')} verdict={verdict} onClick={edit.open} />{' '}
      {quota && <ActionButton icon="trash" label={t('quota.lift')} verdict={verdict} onClick={lift.open} />}
      <SidePanel opened={isEditing} onClose={edit.close} title={t('quota.form.title', { name: workspace })}>
        {isEditing && <AmountsForm amounts={textsOf(quota?.spec.quota.hard)} onCancel={edit.close} save={save} />}
      </SidePanel>
      <ConfirmDelete
        opened={isLifting}
        onClose={lift.close}
        title={t('quota.lift.title', { name: workspace })}
        goes={[t('quota.lift.goes')]}
        confirmLabel={t('quota.lift')}
        onConfirm={async () => {
          await api.delete(`${path}/${encodeURIComponent(quota?.metadata.name ?? '')}`);
          await refresh();
        }}
      />
    </div>
  );
}
