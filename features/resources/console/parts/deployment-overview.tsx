import { Facts, Link, Section, useLiveItems, useProject } from '@kit/ui';
import { selects } from '../../rules/cause-of-service.ts';
import { labelText } from '../../rules/label-text.ts';
import type { ClusterEvent, Deployment, Pod, Service } from '../../rules/workload-types.ts';
import { kinds, kubeListPath } from '../api/kinds.ts';
import { pageOf } from '../api/links.ts';
import { useText } from '../text.ts';
import { ConditionTable } from './condition-table.tsx';
import { ContainerList } from './container-list.tsx';
import { EventList } from './event-list.tsx';
import { PodRow } from './pod-row.tsx';
import classes from './parts.module.css';

/** The services that send to these labels. */
function ServiceLinks({ labels }: { labels: Readonly<Record<string, string>> | undefined }) {
  const t = useText();
  const at = useProject();
  const services = useLiveItems<Service>({ path: kubeListPath(at, kinds.service) });
  const fitting = services.items.filter(({ spec }) => selects(spec?.selector, labels));
  if (fitting.length === 0) return <span className={classes['quiet']}>{t('deployment.noService')}</span>;
  return (
    <ul className={classes['plain']}>
      {fitting.map(({ metadata: { name } }) => {
        const href = pageOf(at, 'Service', name);
        return <li key={name}>{href && <Link href={href}>{name}</Link>}</li>;
      })}
    </ul>
  );
}

function Related({ deployment: { spec } }: { deployment: Deployment }) {
  const t = useText();
  const { selector, strategy, template } = spec ?? {};
  const way = strategy?.type === 'Recreate' ? 'Recreate' : 'RollingUpdate';
  return (
    <Section title={t('deployment.related')}>
      <Facts
        items={[
          { label: t('deployment.services'), value: <ServiceLinks labels={template?.metadata?.labels} /> },
          { label: t('deployment.selector'), value: <code>{labelText(selector?.matchLabels)}</code> },
          { label: t('deployment.strategy'), value: t(`deployment.strategy.${way}`) },
          { label: t('deployment.account'), value: template?.spec?.serviceAccountName ?? 'default' },
        ]}
      />
    </Section>
  );
}

const fewEvents = 6;

interface DeploymentOverviewProps {
  readonly deployment: Deployment;
  readonly pods: readonly Pod[];
  readonly events: readonly ClusterEvent[];
}

/** What a deployment does now and what it is made of. */
export function DeploymentOverview({ deployment, pods, events }: DeploymentOverviewProps) {
  const t = useText();
  const { spec, status, metadata } = deployment;
  return (
    <>
      <Section title={t('deployment.replicas')}>
        <PodRow pods={pods} owner={metadata.name} />
      </Section>
      <div className={classes['columns']}>
        <Section title={t('containers')}>
          <ContainerList spec={spec?.template?.spec} />
        </Section>
        <div className={classes['stack']}>
          <Related deployment={deployment} />
          <Section title={t('overview.events')}>
            <EventList events={events.slice(0, fewEvents)} />
          </Section>
        </div>
      </div>
      <Section title={t('conditions')}>
        <ConditionTable conditions={status?.conditions ?? []} />
      </Section>
    </>
  );
}
