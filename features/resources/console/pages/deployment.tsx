import {
  ActionButton,
  ActionMenu,
  ErrorState,
  Loading,
  Page,
  Problem,
  StatusShape,
  Time,
  useCan,
  usePageParam,
  useProject,
  useTab,
} from '@kit/ui';
import { useState } from 'react';
import type { Revision } from '../../contract/answers.ts';
import type { Cause } from '../../rules/cause.ts';
import { deploymentState } from '../../rules/deployment-state.ts';
import { labelText } from '../../rules/label-text.ts';
import { revisionsOf } from '../../rules/revisions.ts';
import { rolloutSummary } from '../../rules/rollout-summary.ts';
import type { Deployment } from '../../rules/workload-types.ts';
import { kinds } from '../api/kinds.ts';
import { right } from '../api/rights.ts';
import { useDeployment, type DeploymentFamily } from '../api/use-deployment.ts';
import { DeploymentDialogs, type DialogName } from '../changes/deployment-dialogs.tsx';
import { ScaleButton } from '../changes/scale-form.tsx';
import { YamlTab } from '../changes/yaml-tab.tsx';
import { LogPanel } from '../logs/log-panel.tsx';
import { useLogDock } from '../logs/use-log-dock.tsx';
import { CauseSteps, useTabSteps, type StepRunners } from '../parts/cause-steps.tsx';
import { CauseBanner } from '../parts/cause-banner.tsx';
import { DeploymentOverview } from '../parts/deployment-overview.tsx';
import { EventList } from '../parts/event-list.tsx';
import { PodTable } from '../parts/pod-table.tsx';
import { RevisionList } from '../parts/revision-list.tsx';
import { toneOfState } from '../parts/state-mark.tsx';
import { useCauses } from '../parts/use-causes.ts';
import { useText } from '../text.ts';

function Sentence({ deployment }: { deployment: Deployment }) {
  const t = useText();
  const { wanted, ready, revision, changed } = rolloutSummary(deployment);
  return (
    <>
      {wanted === 0
        ? t('deployment.sentence.stopped', { revision })
        : t('deployment.sentence', { ready, wanted, revision })}{' '}
      · {t('deployment.changed')}: <Time at={changed} />
    </>
  );
}

interface ShownDialog {
  readonly name: DialogName;
  readonly revision?: Revision;
}

/** The causes at the head of the page, each with the steps this page can take. */
function Causes({
  causes,
  family,
  show,
}: {
  causes: readonly Cause[];
  family: DeploymentFamily;
  show: (dialog: DialogName) => void;
}) {
  const openLog = useLogDock();
  const logOf = (previous: boolean) => (cause: Cause) => {
    const pod = cause.pods[0];
    openLog({ title: pod ?? '', pod, container: cause.container, previous });
  };
  const runners: StepRunners = {
    ...useTabSteps(),
    logs: logOf(false),
    previousLogs: logOf(true),
    editImage: () => show('image'),
    scale: () => show('scale'),
  };
  return (
    <>
      {family.object?.spec?.paused && <Paused />}
      {causes.map((cause) => (
        <CauseBanner
          key={`${cause.code}/${cause.container}/${cause.pods[0]}`}
          cause={cause}
          actions={<CauseSteps cause={cause} runners={runners} />}
        />
      ))}
    </>
  );
}

function Paused() {
  const t = useText();
  return <Problem tone="idle" title={t('deployment.paused')} />;
}

function useTabs() {
  const t = useText();
  return [
    { id: 'overview', label: t('tab.overview') },
    { id: 'pods', label: t('tab.pods') },
    { id: 'revisions', label: t('tab.revisions') },
    { id: 'events', label: t('tab.events') },
    { id: 'logs', label: t('tab.logs') },
    { id: 'yaml', label: t('tab.yaml') },
  ];
}

interface TabContentProps {
  readonly tab: string;
  readonly family: DeploymentFamily;
  readonly deployment: Deployment;
  readonly causes: readonly Cause[];
  readonly show: (name: DialogName, revision?: Revision) => void;
}

function TabContent({ tab, family, deployment, causes, show }: TabContentProps) {
  const at = useProject();
  const mayPatch = useCan(right('patch', kinds.deployment));
  const { pods, replicaSets, events } = family;
  if (tab === 'yaml') return <YamlTab object={deployment} kind={kinds.deployment} />;
  if (!family.isComplete) return <Loading rows={6} />;
  if (tab === 'pods') return <PodTable pods={pods} />;
  if (tab === 'revisions')
    return (
      <RevisionList
        revisions={revisionsOf(deployment, replicaSets)}
        verdict={mayPatch}
        onRollBack={(revision) => show('rollBack', revision)}
      />
    );
  if (tab === 'events') return <EventList events={events} />;
  if (tab === 'logs') return <LogPanel at={at} pods={pods} />;
  return (
    <>
      <Causes causes={causes} family={family} show={show} />
      <DeploymentOverview deployment={deployment} pods={pods} events={events} />
    </>
  );
}

/** One deployment: what is wrong, what it does, what it is made of, and everything one does to it. */
export default function DeploymentPage() {
  const t = useText();
  const family = useDeployment(usePageParam('name'));
  const tabs = useTabs();
  const tab = useTab(tabs);
  const causes = useCauses(family);
  const openLog = useLogDock();
  const mayPatch = useCan(right('patch', kinds.deployment));
  const mayDelete = useCan(right('delete', kinds.deployment));
  const [dialog, setDialog] = useState<ShownDialog>();
  const { object: deployment } = family;
  const name = usePageParam('name');
  if (!deployment)
    return (
      <Page title={name}>
        {family.error ? <ErrorState error={family.error} onRetry={family.refetch} /> : <Loading rows={6} />}
      </Page>
    );
  const show = (next: DialogName, revision?: Revision) => setDialog({ name: next, revision });
  const actions = (
    <>
      <ActionButton
        label={t('action.logs')}
        icon="file-text"
        onClick={() => openLog({ title: name, labelSelector: labelText(deployment.spec?.selector?.matchLabels) })}
      />
      <ActionButton label={t('action.editImage')} icon="pencil" verdict={mayPatch} onClick={() => show('image')} />
      <ScaleButton
        deployment={deployment}
        opened={dialog?.name === 'scale'}
        onChange={(opened) => setDialog(opened ? { name: 'scale' } : undefined)}
      />
      <ActionMenu
        label={t('action.more')}
        items={[
          { label: t('action.restart'), icon: 'rotate-clockwise', verdict: mayPatch, onClick: () => show('restart') },
          { label: t('action.delete'), icon: 'trash', danger: true, verdict: mayDelete, onClick: () => show('delete') },
        ]}
      />
    </>
  );
  return (
    <Page
      title={name}
      mark={<StatusShape tone={family.gone ? 'idle' : toneOfState[deploymentState(deployment, causes)]} />}
      sentence={family.gone ? undefined : <Sentence deployment={deployment} />}
      actions={family.gone ? undefined : actions}
      tabs={tabs}
    >
      {family.gone && <Problem tone="idle" title={t('deployment.gone')} />}
      <TabContent tab={tab} family={family} deployment={deployment} causes={causes} show={show} />
      <DeploymentDialogs
        dialog={dialog?.name}
        revision={dialog?.revision}
        family={family}
        onClose={() => setDialog(undefined)}
      />
    </Page>
  );
}
