import { useState, type FormEvent } from 'react';
import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useProject } from '@kit/ui';
import { changedImages, imagePatch } from '../../rules/rollout-summary.ts';
import type { Container, Deployment } from '../../rules/workload-types.ts';
import { kinds } from '../api/kinds.ts';
import { operating } from '../api/write.ts';
import { useText } from '../text.ts';
import { ChangeDialog } from './change-dialog.tsx';

/** What the user typed for a container, and which image they saw when they began. */
interface Draft {
  readonly image: string;
  readonly seen: string;
}

type Drafts = Readonly<Record<string, Draft>>;

interface ImageFieldProps {
  readonly container: Container;
  readonly draft: Draft | undefined;
  readonly isFirst: boolean;
  readonly onDraft: (draft: Draft) => void;
}

function ImageField({ container: { name, image = '' }, draft, isFirst, onDraft }: ImageFieldProps) {
  const t = useText();
  const clash =
    draft && draft.seen !== image && draft.image !== image ? t('image.clash', { theirs: image }) : undefined;
  return (
    <TextInput
      label={t('image.label', { container: name })}
      value={draft?.image ?? image}
      error={clash}
      data-autofocus={isFirst || undefined}
      spellCheck={false}
      autoComplete="off"
      onChange={(event) => onDraft({ image: event.currentTarget.value, seen: draft?.seen ?? image })}
    />
  );
}

/** Asks for the images of a deployment's containers, says when somebody else changes one meanwhile, then reviews and writes. */
export function EditImage({ deployment, onClose }: { deployment: Deployment; onClose: () => void }) {
  const t = useText();
  const [drafts, setDrafts] = useState<Drafts>({});
  const [reviewed, setReviewed] = useState<Deployment>();
  const { name } = deployment.metadata;
  const containers = deployment.spec?.template?.spec?.containers ?? [];
  const wanted = Object.fromEntries(Object.entries(drafts).map(([container, { image }]) => [container, image]));
  const hasChanged = Object.keys(changedImages(containers, wanted)).length > 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (hasChanged) setReviewed(deployment);
  };
  if (reviewed) return <ReviewImages before={reviewed} wanted={wanted} onClose={onClose} />;
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('image.title', { name })}
      size="lg"
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          {containers.map((container, index) => (
            <ImageField
              key={container.name}
              container={container}
              draft={drafts[container.name]}
              isFirst={index === 0}
              onDraft={(draft) => setDrafts({ ...drafts, [container.name]: draft })}
            />
          ))}
          {!hasChanged && <div className="fh-soft">{t('image.same')}</div>}
          <Group justify="flex-end">
            <Button type="submit" variant="filled" disabled={!hasChanged}>
              {t('action.review')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function ReviewImages({
  before,
  wanted,
  onClose,
}: {
  before: Deployment;
  wanted: Readonly<Record<string, string>>;
  onClose: () => void;
}) {
  const t = useText();
  const at = useProject();
  const { name } = before.metadata;
  const [change] = useState(() => {
    const images = changedImages(before.spec?.template?.spec?.containers ?? [], wanted);
    return operating({ at, kind: kinds.deployment, name }, imagePatch(before, images));
  });
  return (
    <ChangeDialog
      title={t('image.title', { name })}
      before={before}
      change={change}
      done={t('image.done', { name })}
      onClose={onClose}
    />
  );
}
