import { useState, type FormEvent, type ReactNode } from 'react';
import { Button, Group, Modal, Stack } from '@mantine/core';
import { FormError } from '../form/form-error.tsx';
import { useUiText } from '../text/ui-text.ts';

interface ConfirmProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** What is about to happen. */
  readonly children: ReactNode;
  /** A verb and its object. */
  readonly confirmLabel: string;
  /** Acts; a failure is shown here and the dialog stays. */
  readonly onConfirm: () => Promise<unknown>;
  /** False while something is still asked for. */
  readonly isReady?: boolean;
  readonly danger?: boolean;
  readonly size?: 'md' | 'lg' | 'xl';
}

/** Asks before something is done. */
export function Confirm({ opened, onClose, title, size = 'md', ...rest }: ConfirmProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={title} size={size}>
      {opened && <ConfirmForm onClose={onClose} {...rest} />}
    </Modal>
  );
}

type ConfirmFormProps = Omit<ConfirmProps, 'opened' | 'title' | 'size'>;

function ConfirmForm({ onClose, children, confirmLabel, onConfirm, isReady = true, danger = false }: ConfirmFormProps) {
  const t = useUiText();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!isReady || isBusy) return;
    setBusy(true);
    try {
      await onConfirm();
      onClose();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap="md">
        {children}
        {error !== undefined && <FormError error={error} />}
        <Group justify="flex-end">
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button
            type="submit"
            className={danger ? 'fh-danger' : undefined}
            variant="filled"
            disabled={!isReady}
            loading={isBusy}
          >
            {confirmLabel}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
