import { ConfirmDelete, toast, useGo, useProject, type Href } from '@kit/ui';
import type { Kind } from '../api/kinds.ts';
import { remove } from '../api/write.ts';
import { useText } from '../text.ts';

interface DeleteObjectProps {
  readonly kind: Kind;
  /** The kind in the user's words. */
  readonly kindLabel: string;
  readonly name: string;
  readonly goes: readonly string[];
  readonly stays: readonly string[];
  /** Where to go afterwards. */
  readonly then: Href;
  readonly onClose: () => void;
}

/** Deletes one object after saying what goes with it, and leaves its page. */
export function DeleteObject({ kind, kindLabel, name, goes, stays, then, onClose }: DeleteObjectProps) {
  const t = useText();
  const at = useProject();
  const go = useGo();
  const confirm = async () => {
    await remove({ at, kind, name });
    toast.done(t('delete.done', { name }));
    go(then);
  };
  return (
    <ConfirmDelete
      opened
      onClose={onClose}
      title={t('delete.title', { kind: kindLabel, name })}
      goes={goes}
      stays={stays}
      confirmLabel={t('delete.confirm', { kind: kindLabel })}
      onConfirm={confirm}
    />
  );
}
