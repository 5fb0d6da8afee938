import {
  ActionButton,
  EmptyState,
  ErrorState,
  Link,
  Loading,
  Page,
  Section,
  to,
  useCan,
  useLiveItems,
  useProject,
} from '@kit/ui';
import { states, type State } from '../../contract/state.ts';
import { causesOfDeployment, podsOfDeployment } from '../../rules/cause-of-failure.ts';
import { deploymentState } from '../../rules/deployment-state.ts';
import { newestFirst } from '../../rules/event-times.ts';
import { rolloutSummary } from '../../rules/rollout-summary.ts';
import type { ClusterEvent, Deployment, Pod, ReplicaSet } from '../../rules/workload-types.ts';
import { kinds, kubeListPath } from '../api/kinds.ts';
import { pageOf } from '../api/links.ts';
import { right } from '../api/rights.ts';
import { CauseBanner } from '../parts/cause-banner.tsx';
import { EventList } from '../parts/event-list.tsx';
import classes from '../parts/parts.module.css';
import { StateMark } from '../parts/state-mark.tsx';
import { useNow } from '../parts/use-causes.ts';
import { useText } from '../text.ts';

const troubled: ReadonlySet<State> = new Set(['failing', 'degraded']);
const fewEvents = 10;

/** A deployment with its state and what explains it. */
function useDeploymentsAtAGlance() {
  const at = useProject();
  const nowMs = useNow();
  const deployments = useLiveItems<Deployment>({ path: kubeListPath(at, kinds.deployment) });
  const sets = useLiveItems<ReplicaSet>({ path: kubeListPath(at, kinds.replicaSet) });
  const pods = useLiveItems<Pod>({ path: kubeListPath(at, kinds.pod) });
  const events = useLiveItems<ClusterEvent>({ path: kubeListPath(at, kinds.event) });
  const glances = deployments.items.map((deployment) => {
    const own = podsOfDeployment(deployment, sets.items, pods.items);
    const causes = causesOfDeployment({ deployment, pods: own, events: events.items, nowMs });
    return { deployment, state: deploymentState(deployment, causes), causes };
  });
  glances.sort(
    (a, b) =>
      states.indexOf(a.state) - states.indexOf(b.state) ||
      a.deployment.metadata.name.localeCompare(b.deployment.metadata.name),
  );
  return { glances, events: newestFirst(events.items), deployments };
}

type Glance = ReturnType<typeof useDeploymentsAtAGlance>['glances'][number];

/** How many there are, and how many in each state: nothing is called well that is only on its way. */
function Summary({ glances }: { glances: readonly Glance[] }) {
  const t = useText();
  const count = glances.length;
  const counts = states.map((state) => ({ state, of: glances.filter((glance) => glance.state === state).length }));
  const present = counts.filter(({ of }) => of > 0);
  if (present.length === 1 && present[0]?.state === 'running') return t('overview.allWell', { count });
  const parts = present.map(({ state, of }) =>
    t('overview.inState', { count: of, state: t(`state.${state}`).toLocaleLowerCase() }),
  );
  return [t('overview.count', { count }), ...parts].join(t('overview.separator'));
}

/** What is wrong with one deployment, under its name. */
function Trouble({ glance: { deployment, causes, state } }: { glance: Glance }) {
  const at = useProject();
  const { name } = deployment.metadata;
  const href = pageOf(at, 'Deployment', name);
  const worst = causes[0];
  return (
    <article>
      <h3 className={classes['containerHead']}>
        {href && <Link href={href}>{name}</Link>} <StateMark state={state} of={rolloutSummary(deployment)} />
      </h3>
      {worst && <CauseBanner cause={worst} />}
    </article>
  );
}

function RunningList({ glances }: { glances: readonly Glance[] }) {
  const at = useProject();
  return (
    <ul className={classes['plain']}>
      {glances.map(({ deployment, state }) => {
        const { name } = deployment.metadata;
        const href = pageOf(at, 'Deployment', name);
        return (
          <li key={name} className={classes['bulkRow']}>
            {href && <Link href={href}>{name}</Link>}
            <StateMark state={state} of={rolloutSummary(deployment)} />
          </li>
        );
      })}
    </ul>
  );
}

/** The front page of a project: what fails first, then what runs, then what lately happened. */
export default function Overview() {
  const t = useText();
  const at = useProject();
  const { glances, events, deployments } = useDeploymentsAtAGlance();
  const mayImport = useCan(right('create', kinds.deployment));
  const isNeedy = ({ state, causes }: Glance) => troubled.has(state) || causes.some(({ passing }) => !passing);
  const needy = glances.filter(isNeedy);
  const importButton = (
    <ActionButton
      label={t('action.import')}
      icon="file-import"
      variant="primary"
      href={to.project(at, 'import')}
      verdict={mayImport}
    />
  );
  if (deployments.isLoading || deployments.error) {
    return (
      <Page title={at.project}>
        {deployments.error ? (
          <ErrorState error={deployments.error} onRetry={deployments.refetch} />
        ) : (
          <Loading rows={8} />
        )}
      </Page>
    );
  }
  if (glances.length === 0 && events.length === 0) {
    return (
      <Page title={at.project}>
        <EmptyState
          title={t('overview.empty')}
          text={t('overview.empty.text', { project: at.project })}
          action={importButton}
        />
      </Page>
    );
  }
  return (
    <Page title={at.project} sentence={<Summary glances={glances} />} actions={importButton}>
      <Section title={t('overview.trouble')}>
        {needy.length === 0 ? (
          <p className={classes['quiet']}>{t('overview.noTrouble')}</p>
        ) : (
          needy.map((glance) => <Trouble key={glance.deployment.metadata.name} glance={glance} />)
        )}
      </Section>
      <div className={classes['columns']}>
        <Section
          title={t('deployments.title')}
          actions={<Link href={to.project(at, 'deployments')}>{t('overview.allDeployments')}</Link>}
        >
          <RunningList glances={glances} />
        </Section>
        <Section
          title={t('overview.events')}
          actions={<Link href={to.project(at, 'events')}>{t('overview.allEvents')}</Link>}
        >
          <EventList events={events.slice(0, fewEvents)} />
        </Section>
      </div>
    </Page>
  );
}
