import {
  ActionButton,
  ActionMenu,
  ErrorState,
  Loading,
  Page,
  Problem,
  StatusShape,
  to,
  useCan,
  useLiveObject,
  usePageParam,
  useProject,
  useTab,
} from '@kit/ui';
import { useState } from 'react';
import { podStatus } from '../../contract/pod-status.ts';
import { podSummary } from '../../rules/pod-summary.ts';
import type { ClusterEvent, Pod } from '../../rules/workload-types.ts';
import { kinds, kubeObjectPath } from '../api/kinds.ts';
import { right } from '../api/rights.ts';
import { usePodEvents } from '../api/use-pod.ts';
import { DeleteObject } from '../changes/delete-object.tsx';
import { YamlTab } from '../changes/yaml-tab.tsx';
import { LogPanel } from '../logs/log-panel.tsx';
import { useLogDock } from '../logs/use-log-dock.tsx';
import { EventList } from '../parts/event-list.tsx';
import { PodOverview } from '../parts/pod-overview.tsx';
import { toneOfState } from '../parts/state-mark.tsx';
import { useOwner, type Owner } from '../parts/use-owner.ts';
import { useText } from '../text.ts';

function useTabs() {
  const t = useText();
  return [
    { id: 'overview', label: t('tab.overview') },
    { id: 'logs', label: t('tab.logs') },
    { id: 'events', label: t('tab.events') },
    { id: 'yaml', label: t('tab.yaml') },
  ];
}

function useSentence(pod: Pod | undefined): string {
  const t = useText();
  if (!pod) return '';
  const { ready, containers } = podSummary(pod);
  const node = pod.spec?.nodeName;
  return node ? t('pod.sentence', { ready, containers, node }) : t('pod.sentence.noNode', { ready, containers });
}

function TabContent({ tab, pod, events }: { tab: string; pod: Pod; events: readonly ClusterEvent[] }) {
  const at = useProject();
  if (tab === 'logs') return <LogPanel at={at} pods={[pod]} />;
  if (tab === 'events') return <EventList events={events} withObject={false} />;
  if (tab === 'yaml') return <YamlTab object={pod} kind={kinds.pod} />;
  return <PodOverview pod={pod} events={events} />;
}

function DeletePod({ name, owner, onClose }: { name: string; owner: Owner | undefined; onClose: () => void }) {
  const t = useText();
  const at = useProject();
  const replaced = owner ? [t('delete.pod.replaced', { owner: `${owner.kind} ${owner.name}` })] : [];
  return (
    <DeleteObject
      kind={kinds.pod}
      kindLabel={t('kind.pod')}
      name={name}
      goes={owner ? [] : [t('delete.pod.forGood')]}
      stays={replaced}
      then={to.project(at, 'pods')}
      onClose={onClose}
    />
  );
}

/** One pod: what is wrong, its containers, where it runs, its log. */
export default function PodPage() {
  const t = useText();
  const at = useProject();
  const name = usePageParam('name');
  const live = useLiveObject<Pod>({ path: kubeObjectPath(at, kinds.pod, name) });
  const events = usePodEvents(name);
  const tabs = useTabs();
  const tab = useTab(tabs);
  const mayDelete = useCan(right('delete', kinds.pod));
  const mayEnter = useCan(right('create', kinds.pod, 'exec'));
  const openLog = useLogDock();
  const owner = useOwner(live.object);
  const [isDeleting, setDeleting] = useState(false);
  const { object: pod } = live;
  const sentence = useSentence(pod);
  if (!pod)
    return (
      <Page title={name}>
        {live.error ? <ErrorState error={live.error} onRetry={live.refetch} /> : <Loading rows={6} />}
      </Page>
    );
  const actions = (
    <>
      <ActionButton label={t('action.logs')} icon="file-text" onClick={() => openLog({ title: name, pod: name })} />
      <ActionButton
        label={t('action.terminal')}
        icon="terminal-2"
        verdict={mayEnter}
        href={to.project(at, 'pods/$name/terminal', { name })}
      />
      <ActionMenu
        label={t('action.more')}
        items={[
          {
            label: t('action.delete'),
            icon: 'trash',
            danger: true,
            verdict: mayDelete,
            onClick: () => setDeleting(true),
          },
        ]}
      />
    </>
  );
  return (
    <Page
      title={name}
      mark={<StatusShape tone={live.gone ? 'idle' : toneOfState[podStatus(pod).state]} />}
      sentence={live.gone ? undefined : sentence}
      actions={live.gone ? undefined : actions}
      tabs={tabs}
    >
      {live.gone && <Problem tone="idle" title={t('pod.gone')} />}
      <TabContent tab={tab} pod={pod} events={events} />
      {isDeleting && <DeletePod name={name} owner={owner} onClose={() => setDeleting(false)} />}
    </Page>
  );
}
