import { to, useLiveItems, useProject } from '@kit/ui';
import type { Revision } from '../../contract/answers.ts';
import { selects } from '../../rules/cause-of-service.ts';
import type { Service } from '../../rules/workload-types.ts';
import { kinds, kubeListPath } from '../api/kinds.ts';
import type { DeploymentFamily } from '../api/use-deployment.ts';
import { useText } from '../text.ts';
import { DeleteObject } from './delete-object.tsx';
import { EditImage } from './edit-image.tsx';
import { Restart, RollBack } from './roll-out-again.tsx';

/** `scale` opens at its button, the others here. */
export type DialogName = 'image' | 'scale' | 'restart' | 'rollBack' | 'delete';

interface DeploymentDialogsProps {
  readonly dialog: DialogName | undefined;
  readonly revision: Revision | undefined;
  readonly family: DeploymentFamily;
  readonly onClose: () => void;
}

/** The dialogs of a deployment, of which at most one is open. */
export function DeploymentDialogs({ dialog, revision, family, onClose }: DeploymentDialogsProps) {
  const { object: deployment } = family;
  if (!deployment) return null;
  if (dialog === 'image') return <EditImage deployment={deployment} onClose={onClose} />;
  if (dialog === 'restart') return <Restart deployment={deployment} onClose={onClose} />;
  if (dialog === 'rollBack' && revision)
    return <RollBack deployment={deployment} revision={revision} onClose={onClose} />;
  if (dialog === 'delete') return <DeleteDeployment family={family} onClose={onClose} />;
  return null;
}

function DeleteDeployment({ family, onClose }: { family: DeploymentFamily; onClose: () => void }) {
  const t = useText();
  const at = useProject();
  const services = useLiveItems<Service>({ path: kubeListPath(at, kinds.service) });
  const { object: deployment, pods, replicaSets } = family;
  const labels = deployment?.spec?.template?.metadata?.labels;
  const left = services.items.filter(({ spec }) => selects(spec?.selector, labels));
  return (
    <DeleteObject
      kind={kinds.deployment}
      kindLabel={t('kind.deployment')}
      name={deployment?.metadata.name ?? ''}
      goes={[t('delete.pods', { count: pods.length }), t('delete.replicaSets', { count: replicaSets.length })]}
      stays={[
        ...left.map(({ metadata }) => t('delete.stays.service', { name: metadata.name })),
        t('delete.stays.config'),
      ]}
      then={to.project(at, 'deployments')}
      onClose={onClose}
    />
  );
}
