import {
  ActionButton,
  ActionMenu,
  ErrorState,
  Facts,
  Icon,
  Link,
  Loading,
  Page,
  Problem,
  Section,
  StatusShape,
  Time,
  to,
  useCan,
  useLiveObject,
  usePageParam,
  useProject,
  useTab,
} from '@kit/ui';
import { useState } from 'react';
import { podStatus } from '../../contract/pod-status.ts';
import { isSimulated, podSummary } from '../../rules/pod-summary.ts';
import type { ClusterEvent, Pod } from '../../rules/workload-types.ts';
import { kinds, kubeObjectPath } from '../api/kinds.ts';
import { pageOf } from '../api/links.ts';
import { right } from '../api/rights.ts';
import { usePodEvents } from '../api/use-pod.ts';
import { DeleteObject } from '../changes/delete-object.tsx';
import { YamlTab } from '../changes/yaml-tab.tsx';
import { LogPanel } from '../logs/log-panel.tsx';
import { useLogDock } from '../logs/use-log-dock.tsx';
import { CauseBanner } from '../parts/cause-banner.tsx';
import { CauseSteps, useTabSteps } from '../parts/cause-steps.tsx';
import { ConditionTable } from '../parts/condition-table.tsx';
import { ContainerList } from '../parts/container-list.tsx';
import { EventList } from '../parts/event-list.tsx';
import classes from '../parts/parts.module.css';
import { toneOfState } from '../parts/state-mark.tsx';
import { usePodCause } from '../parts/use-causes.ts';
import { useOwner } from '../parts/use-owner.ts';
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

function PodCause({ pod, events }: { pod: Pod; events: readonly ClusterEvent[] }) {
  const openLog = useLogDock();
  const tabs = useTabSteps();
  const cause = usePodCause(pod, events);
  if (!cause) return null;
  const { name } = pod.metadata;
  const log = (previous: boolean) => () => openLog({ title: name, pod: name, container: cause.container, previous });
  const runners = { events: tabs.events, logs: log(false), previousLogs: log(true) };
  return <CauseBanner cause={cause} withPods={false} actions={<CauseSteps cause={cause} runners={runners} />} />;
}

function Overview({ pod, events }: { pod: Pod; events: readonly ClusterEvent[] }) {
  const t = useText();
  const at = useProject();
  const owner = useOwner(pod);
  const ownerHref = owner && pageOf(at, owner.kind, owner.name);
  const { spec, status } = pod;
  return (
    <>
      {isSimulated(pod) && (
        <div className={classes['simulated']} role="note">
          <Icon name="info-circle" />
          {t('pod.simulated')}
        </div>
      )}
      <PodCause pod={pod} events={events} />
      <div className={classes['columns']}>
        <Section title={t('containers')}>
          <ContainerList
            spec={spec}
            statuses={[...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]}
          />
        </Section>
        <Section title={t('pod.facts')}>
          <Facts
            items={[
              {
                label: t('pod.of'),
                value:
                  owner &&
                  (ownerHref ? (
                    <Link href={ownerHref}>{`${owner.kind} ${owner.name}`}</Link>
                  ) : (
                    `${owner.kind} ${owner.name}`
                  )),
              },
              { label: t('pod.node'), value: spec?.nodeName },
              { label: t('pod.address'), value: status?.podIP },
              { label: t('pod.started'), value: status?.startTime && <Time at={status.startTime} /> },
              { label: t('pod.quality'), value: status?.qosClass },
              { label: t('deployment.account'), value: spec?.serviceAccountName },
            ]}
          />
        </Section>
      </div>
      <Section title={t('conditions')}>
        <ConditionTable conditions={status?.conditions ?? []} />
      </Section>
    </>
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
  const replaced = owner ? t('delete.pod.replaced', { owner: `${owner.kind} ${owner.name}` }) : t('delete.pod.forGood');
  return (
    <Page
      title={name}
      mark={<StatusShape tone={toneOfState[podStatus(pod).state]} />}
      sentence={sentence}
      actions={live.gone ? undefined : actions}
      tabs={tabs}
    >
      {live.gone && <Problem tone="idle" title={t('pod.gone')} />}
      {tab === 'overview' && <Overview pod={pod} events={events} />}
      {tab === 'logs' && <LogPanel at={at} pods={[pod]} />}
      {tab === 'events' && <EventList events={events} withObject={false} />}
      {tab === 'yaml' && <YamlTab object={pod} kind={kinds.pod} />}
      {isDeleting && (
        <DeleteObject
          kind={kinds.pod}
          kindLabel={t('kind.pod')}
          name={name}
          goes={owner ? [] : [replaced]}
          stays={owner ? [replaced] : []}
          then={to.project(at, 'pods')}
          onClose={() => setDeleting(false)}
        />
      )}
    </Page>
  );
}
