import { Facts, Icon, Link, Section, Time, useProject } from '@kit/ui';
import { isSimulated } from '../../rules/pod-summary.ts';
import type { ClusterEvent, Pod } from '../../rules/workload-types.ts';
import { pageOf } from '../api/links.ts';
import { useLogDock } from '../logs/use-log-dock.tsx';
import { useText } from '../text.ts';
import { CauseBanner } from './cause-banner.tsx';
import { CauseSteps, useTabSteps } from './cause-steps.tsx';
import { ConditionTable } from './condition-table.tsx';
import { ContainerList } from './container-list.tsx';
import classes from './parts.module.css';
import { usePodCause } from './use-causes.ts';
import { useOwner } from './use-owner.ts';

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

function WhereItRuns({ pod: { metadata, spec = {}, status = {} }, pod }: { pod: Pod }) {
  const t = useText();
  const at = useProject();
  const owner = useOwner(pod);
  const name = owner && `${owner.kind} ${owner.name}`;
  const href = owner && pageOf(at, owner.kind, owner.name);
  return (
    <Section title={t('pod.facts')}>
      <Facts
        items={[
          { label: t('pod.of'), value: href ? <Link href={href}>{name}</Link> : name },
          { label: t('pod.node'), value: spec.nodeName },
          { label: t('pod.address'), value: status.podIP },
          { label: t('pod.started'), value: <Time at={status.startTime ?? metadata.creationTimestamp} /> },
          { label: t('pod.quality'), value: status.qosClass },
          { label: t('deployment.account'), value: spec.serviceAccountName },
        ]}
      />
    </Section>
  );
}

/** What a pod does now, what it is made of, and where it runs. */
export function PodOverview({ pod, events }: { pod: Pod; events: readonly ClusterEvent[] }) {
  const t = useText();
  const { initContainerStatuses = [], containerStatuses = [], conditions = [] } = pod.status ?? {};
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
          <ContainerList spec={pod.spec} statuses={[...initContainerStatuses, ...containerStatuses]} />
        </Section>
        <WhereItRuns pod={pod} />
      </div>
      <Section title={t('conditions')}>
        <ConditionTable conditions={conditions} />
      </Section>
    </>
  );
}
