import { useState } from 'react';
import { useProject } from '@kit/ui';
import type { Revision } from '../../contract/answers.ts';
import { restartPatch, rollBackPatch } from '../../rules/rollout-summary.ts';
import type { Deployment } from '../../rules/workload-types.ts';
import { kinds } from '../api/kinds.ts';
import { operating, patching } from '../api/write.ts';
import { useText } from '../text.ts';
import { ChangeDialog } from './change-dialog.tsx';

/** Replaces every pod of a deployment by a new one. */
export function Restart({ deployment, onClose }: { deployment: Deployment; onClose: () => void }) {
  const t = useText();
  const at = useProject();
  const { name } = deployment.metadata;
  const [base] = useState(deployment);
  const [change] = useState(() =>
    patching({ at, kind: kinds.deployment, name }, restartPatch(new Date().toISOString())),
  );
  return (
    <ChangeDialog
      title={t('restart.title', { name })}
      before={base}
      change={change}
      done={t('restart.done', { name })}
      onClose={onClose}
    >
      <p>{t('restart.text')}</p>
    </ChangeDialog>
  );
}

/** Brings an older revision's template back; refused when the deployment has changed since the dialog was opened. */
export function RollBack({
  deployment,
  revision,
  onClose,
}: {
  deployment: Deployment;
  revision: Revision;
  onClose: () => void;
}) {
  const t = useText();
  const at = useProject();
  const { name } = deployment.metadata;
  const words = { name, number: revision.revision };
  const [base] = useState(deployment);
  const [change] = useState(() => operating({ at, kind: kinds.deployment, name }, rollBackPatch(base, revision)));
  return (
    <ChangeDialog
      title={t('rollBack.title', words)}
      before={base}
      change={change}
      done={t('rollBack.done', words)}
      onClose={onClose}
    />
  );
}
