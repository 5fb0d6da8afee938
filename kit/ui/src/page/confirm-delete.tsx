import { useState, type ReactNode } from 'react';
import { TextInput } from '@mantine/core';
import { useUiText } from '../text/ui-text.ts';
import { Confirm } from './confirm.tsx';

interface ConfirmDeleteProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly text?: string;
  /** What is deleted along. */
  readonly goes?: readonly string[];
  /** What one may fear for and need not. */
  readonly stays?: readonly string[];
  /** Asked for where data is lost: the user types this name. */
  readonly typedName?: string;
  /** A verb and its object: `Delete workspace`. */
  readonly confirmLabel: string;
  /** Choices about it, before the name is typed. */
  readonly children?: ReactNode;
  /** Deletes; a failure is shown here and the dialog stays. */
  readonly onConfirm: () => Promise<unknown>;
}

/** Asks before something is deleted, and says what goes with it. */
export function ConfirmDelete({
  text,
  goes = [],
  stays = [],
  typedName,
  children,
  onClose,
  ...dialog
}: ConfirmDeleteProps) {
  const t = useUiText();
  const [typed, setTyped] = useState('');
  const close = () => {
    setTyped('');
    onClose();
  };
  return (
    <Confirm {...dialog} onClose={close} isReady={typedName === undefined || typed === typedName} danger>
      {text && <div>{text}</div>}
      <Consequences title={t('confirm.goes')} lines={goes} />
      <Consequences title={t('confirm.stays')} lines={stays} />
      {children}
      {typedName !== undefined && (
        <TextInput
          label={t('confirm.type', { name: typedName })}
          value={typed}
          autoComplete="off"
          data-autofocus
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      )}
    </Confirm>
  );
}

function Consequences({ title, lines }: { title: string; lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <div>
      <strong>{title}</strong>
      <ul className="fh-lines">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </div>
  );
}
