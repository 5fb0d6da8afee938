import { useId, type ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Confirm, diffObjects, FieldDiff, FormError, Loading, toast } from '@kit/ui';
import type { KubeObject } from '@kit/kube';
import type { Change } from '../api/write.ts';
import { useText } from '../text.ts';
import classes from '../parts/parts.module.css';

export interface ChangeDialogProps {
  readonly title: string;
  readonly onClose: () => void;
  /** The object as it is now. */
  readonly before: KubeObject;
  /** The whole object as the user wants it; what the server adds to it stands in grey. */
  readonly asked?: KubeObject;
  readonly change: Change;
  /** Said when the change is made. */
  readonly done: string;
  readonly onDone?: () => void;
  /** Something to say before the diff. */
  readonly children?: ReactNode;
}

/** Tries a change on the server, shows which fields it touches, and makes it when the user agrees. */
export function ChangeDialog({ title, onClose, before, asked, change, done, onDone, children }: ChangeDialogProps) {
  const t = useText();
  const id = useId();
  const dryRun = useQuery({
    queryKey: ['dry-run', id],
    queryFn: () => change(true),
    retry: false,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const apply = async () => {
    await change(false);
    toast.done(done);
    onDone?.();
  };
  return (
    <Confirm
      opened
      onClose={onClose}
      title={title}
      size="xl"
      confirmLabel={t('review.apply')}
      isReady={dryRun.isSuccess}
      onConfirm={apply}
    >
      {children}
      {dryRun.isPending && <Trying />}
      {dryRun.error && <FormError error={dryRun.error} />}
      {dryRun.data && (
        <>
          <Warnings warnings={dryRun.data.warnings} />
          <FieldDiff changes={diffObjects(before, dryRun.data.object, asked)} />
        </>
      )}
    </Confirm>
  );
}

function Trying() {
  const t = useText();
  return (
    <>
      <p className={classes['quiet']}>{t('review.trying')}</p>
      <Loading rows={3} />
    </>
  );
}

/** What the server lets pass with a word of warning. */
export function Warnings({ warnings }: { warnings: readonly string[] }) {
  const t = useText();
  if (warnings.length === 0) return null;
  return (
    <div role="status">
      <strong>{t('review.warnings')}</strong>
      <ul className="fh-lines">
        {warnings.map((warning) => (
          <li key={warning}>{warning}</li>
        ))}
      </ul>
    </div>
  );
}
