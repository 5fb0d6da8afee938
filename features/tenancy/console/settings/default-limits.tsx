import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { ActionButton, api, Loaded, Section, SidePanel, toast, useCan, useLiveItems } from '@kit/ui';
import { paths } from '../api.ts';
import { useText } from '../text.ts';
import { LimitsForm, type Limits } from './limits-form.tsx';
import { LimitsTable } from './limits-table.tsx';

type LimitItem = Limits & { readonly type: string };
interface LimitRange {
  readonly metadata: { readonly name: string; readonly uid: string; readonly resourceVersion: string };
  readonly spec: { readonly limits: readonly LimitItem[] };
}

const ofContainers = ({ type }: LimitItem): boolean => type === 'Container';

/** What the containers of a project get that do not say what they need. */
export function DefaultLimits({ project }: { project: string }) {
  const path = paths.inProject(project, 'limitranges');
  const live = useLiveItems<LimitRange>({ path });
  const query = {
    data: live.isLoading || live.error ? undefined : live.items,
    error: live.error,
    refetch: live.refetch,
  };
  return (
    <Loaded query={query} rows={2}>
      {(ranges) => {
        const range = ranges.find(({ spec }) => spec.limits.some(ofContainers));
        return <Shown project={project} path={path} range={range} />;
      }}
    </Loaded>
  );
}

function Shown({ project, path, range }: { project: string; path: string; range: LimitRange | undefined }) {
  const t = useText();
  const queries = useQueryClient();
  const verdict = useCan({ verb: range ? 'update' : 'create', group: '', resource: 'limitranges' });
  const [isEditing, { open, close }] = useDisclosure(false);
  const limits = range?.spec.limits.find(ofContainers) ?? {};
  const save = async (next: Limits) => {
    const others = range?.spec.limits.filter((item) => !ofContainers(item)) ?? [];
    const spec = { limits: [...others, { ...next, type: 'Container' }] };
    const body = { apiVersion: 'v1', kind: 'LimitRange', metadata: range?.metadata ?? { name: project }, spec };
    await (range ? api.put(`${path}/${range.metadata.name}`, body) : api.post(path, body));
    await queries.invalidateQueries({ queryKey: ['items', path] });
    toast.done(t('quota.saved'));
    close();
  };
  return (
    <Section
      title={t('limits.title')}
      actions={<ActionButton icon="pencil" label={t('limits.edit')} verdict={verdict} onClick={open} />}
    >
      <div className="fh-soft">{t('limits.text')}</div>
      <LimitsTable label={t('limits.title')} limits={limits} />
      <SidePanel opened={isEditing} onClose={close} title={t('limits.title')}>
        {isEditing && <LimitsForm limits={limits} onCancel={close} save={save} submitLabel={t('quota.save')} />}
      </SidePanel>
    </Section>
  );
}
