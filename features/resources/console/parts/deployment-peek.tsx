import { ErrorState, Link, Loading, Section, useProject } from '@kit/ui';
import { deploymentState } from '../../rules/deployment-state.ts';
import { rolloutSummary } from '../../rules/rollout-summary.ts';
import { pageOf } from '../api/links.ts';
import { useDeployment } from '../api/use-deployment.ts';
import { useText } from '../text.ts';
import { CauseBanner } from './cause-banner.tsx';
import { EventList } from './event-list.tsx';
import { PodRow } from './pod-row.tsx';
import classes from './parts.module.css';
import { StateMark } from './state-mark.tsx';
import { useCauses } from './use-causes.ts';

const fewEvents = 8;

/** A deployment in short: its state, what is wrong, its pods, what lately happened. */
export function DeploymentPeek({ name }: { name: string }) {
  const t = useText();
  const at = useProject();
  const family = useDeployment(name);
  const causes = useCauses(family);
  const { object } = family;
  if (family.error && !object) return <ErrorState error={family.error} onRetry={family.refetch} />;
  if (!object || !family.isComplete) return <Loading rows={6} />;
  const href = pageOf(at, 'Deployment', name);
  return (
    <div className={classes['stack']}>
      <StateMark state={deploymentState(object, causes)} of={rolloutSummary(object)} />
      {causes.map((cause) => (
        <CauseBanner key={`${cause.code}/${cause.container}`} cause={cause} />
      ))}
      <Section title={t('deployment.replicas')}>
        <PodRow pods={family.pods} owner={name} />
      </Section>
      <Section title={t('tab.events')}>
        <EventList events={family.events.slice(0, fewEvents)} />
      </Section>
      {href && <Link href={href}>{t('action.open', { name })}</Link>}
    </div>
  );
}
