import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { ActionButton, api, ConfirmDelete, Loaded, Section, SidePanel, toast, useCan, useLiveItems } from '@kit/ui';
import { paths } from '../api.ts';
import { useText } from '../text.ts';
import { AmountsForm, type Amounts } from './amounts-form.tsx';
import { UsageBar } from './usage-bar.tsx';
import classes from './settings.module.css';

interface ProjectQuotaItem {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: { readonly name: string; readonly uid: string; readonly resourceVersion: string };
  readonly spec?: { readonly hard?: Amounts };
  readonly status?: { readonly hard?: Amounts; readonly used?: Amounts };
}

/** What a project uses of what it may: the quotas of Kubernetes in it. */
export function ProjectQuota({ project }: { project: string }) {
  const t = useText();
  const path = paths.inProject(project, 'resourcequotas');
  const live = useLiveItems<ProjectQuotaItem>({ path });
  const query = {
    data: live.isLoading || live.error ? undefined : live.items,
    error: live.error,
    refetch: live.refetch,
  };
  return (
    <Loaded query={query} rows={2}>
      {(items) => (
        <>
          {items.map((quota) => (
            <Section
              key={quota.metadata.uid}
              title={items.length > 1 ? quota.metadata.name : t('quota.title')}
              actions={<QuotaActions project={project} quota={quota} />}
            >
              <div className={classes.bars}>
                {Object.entries(quota.status?.hard ?? quota.spec?.hard ?? {}).map(([resource, hard]) => (
                  <UsageBar
                    key={resource}
                    resource={resource}
                    hard={hard}
                    used={quota.status?.used?.[resource] ?? '0'}
                  />
                ))}
              </div>
            </Section>
          ))}
          {items.length === 0 && (
            <Section title={t('quota.title')} actions={<QuotaActions project={project} />}>
              <div className="fh-soft">{t('quota.project.none')}</div>
            </Section>
          )}
        </>
      )}
    </Loaded>
  );
}

function QuotaActions({ project, quota }: { project: string; quota?: ProjectQuotaItem }) {
  const t = useText();
  const queries = useQueryClient();
  const right = { group: '', resource: 'resourcequotas' } as const;
  const canSet = useCan({ verb: quota ? 'update' : 'create', ...right });
  const canLift = useCan({ verb: 'delete', ...right });
  const [isEditing, edit] = useDisclosure(false);
  const [isLifting, lift] = useDisclosure(false);
  const path = paths.inProject(project, 'resourcequotas');
  const refresh = () => queries.invalidateQueries({ queryKey: ['items', path] });
  const save = async (hard: Amounts) => {
    const made = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: project }, spec: { hard } };
    await (quota
      ? api.put(`${path}/${quota.metadata.name}`, { ...quota, ...kind, spec: { ...quota.spec, hard } })
      : api.post(path, made));
    await refresh();
    toast.done(t('quota.saved'));
    edit.close();
  };
  return (
    <div>
      <ActionButton icon="pencil" label={t(quota ? 'quota.edit' : 'quota.set')} verdict={canSet} onClick={edit.open} />{' '}
      {quota && <ActionButton icon="trash" label={t('quota.lift')} verdict={canLift} onClick={lift.open} />}
      <SidePanel opened={isEditing} onClose={edit.close} title={t('quota.form.title', { name: project })}>
        {isEditing && <AmountsForm amounts={quota?.spec?.hard ?? {}} onCancel={edit.close} save={save} />}
      </SidePanel>
      <ConfirmDelete
        opened={isLifting}
        onClose={lift.close}
        title={t('quota.lift.title', { name: project })}
        goes={[t('quota.lift.goes')]}
        confirmLabel={t('quota.lift')}
        onConfirm={async () => {
          await api.delete(`${path}/${quota?.metadata.name ?? ''}`);
          await refresh();
        }}
      />
    </div>
  );
}

const kind = { apiVersion: 'v1', kind: 'ResourceQuota' } as const;
