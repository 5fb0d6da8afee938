import { Link, Section, useProject } from '@kit/ui';
import type { Pod } from '../../rules/workload-types.ts';
import { pageOf } from '../api/links.ts';
import { usePodEvents } from '../api/use-pod.ts';
import { useText } from '../text.ts';
import { CauseBanner } from './cause-banner.tsx';
import { ContainerList } from './container-list.tsx';
import { EventList } from './event-list.tsx';
import classes from './parts.module.css';
import { PodStateMark } from './pod-state-mark.tsx';
import { usePodCause } from './use-causes.ts';

const fewEvents = 8;

/** A pod in short: its state, what is wrong, its containers, what lately happened. */
export function PodPeek({ pod }: { pod: Pod }) {
  const t = useText();
  const at = useProject();
  const events = usePodEvents(pod.metadata.name);
  const cause = usePodCause(pod, events);
  const href = pageOf(at, 'Pod', pod.metadata.name);
  return (
    <div className={classes['stack']}>
      <PodStateMark pod={pod} />
      {cause && <CauseBanner cause={cause} withPods={false} />}
      <Section title={t('containers')}>
        <ContainerList
          spec={pod.spec}
          statuses={[...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])]}
        />
      </Section>
      <Section title={t('tab.events')}>
        <EventList events={events.slice(0, fewEvents)} withObject={false} />
      </Section>
      {href && <Link href={href}>{t('action.open', { name: pod.metadata.name })}</Link>}
    </div>
  );
}
